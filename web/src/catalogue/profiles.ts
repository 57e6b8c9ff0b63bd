import type { Schemas } from '../api/client.js';

export type Profile = NonNullable<Schemas['CreateSpace']['profile']>;
export const PROFILES: { value: Profile; label: string }[] = [
  { value: 'native', label: 'Native (Standard Webhooks)' },
  { value: 'breakcold', label: 'Breakcold' },
  { value: 'breakcold-v2', label: 'Breakcold v2' },
  { value: 'leadlex', label: 'LeadLex' },
  { value: 'lemlist', label: 'lemlist' },
  { value: 'smartlead', label: 'Smartlead' },
];
