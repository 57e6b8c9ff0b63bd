import type { Schemas } from '../api/client.js';

export type Right = NonNullable<Schemas['CreatePortalLink']['rights']>[number];
export type Language = NonNullable<Schemas['PortalView']['language']>;

export const RIGHTS: { value: Right; label: string }[] = [
  { value: 'edit', label: 'Add, change, pause and delete endpoints' },
  { value: 'test', label: 'Send test events' },
  { value: 'retry', label: 'Send deliveries again, replay and cancel them' },
  { value: 'secrets', label: 'See and rotate secrets, and see header values' },
];

export const LANGUAGE_CHOICES: { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
  { value: 'pt', label: 'Português' },
  { value: 'ja', label: '日本語' },
];

/** What a link may do, in few words. */
export function rightsInWords({ scope, rights }: Pick<Schemas['PortalLink'], 'scope' | 'rights'>): string {
  if (scope === 'read') return 'read';
  if (!rights) return 'read and change';
  return rights.length === 0 ? 'read' : `read, ${rights.join(', ')}`;
}
