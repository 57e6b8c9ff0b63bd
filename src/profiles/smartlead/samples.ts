import { campaign, smartleadCatalogue } from './catalogue.js';

const LEAD = 'lead@example.com';

/**
 * Receivers tell events apart by campaign, address, type and time, so each sample after the first is about another
 * lead, and of this moment. All are of one campaign: its webhooks get whatever is made up.
 */
export function sample(type: string, n: number, now: Date): object {
  const example = smartleadCatalogue.find(({ name }) => name === type)?.example ?? {};
  if (n === 0) return example;
  const time = now.toISOString().replace(/\.\d{3}Z$/, 'Z');
  const text = JSON.stringify(example).replaceAll(LEAD, `lead${n}@example.com`);
  const members = Object.entries(JSON.parse(text) as Record<string, unknown>).map(([key, value]) => {
    if (key.startsWith('time_')) return [key, time];
    if (key in campaign) return [key, campaign[key as keyof typeof campaign]];
    if (key === 'message_id') return [key, `${String(value)}${n}`];
    const isOwnId = key === 'lead_id' || key === 'accountId';
    return [key, isOwnId && typeof value === 'number' ? value + n : value];
  });
  return Object.fromEntries(members) as object;
}
