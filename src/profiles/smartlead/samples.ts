import { campaign, smartleadCatalogue } from './catalogue.js';

const LEAD = 'lead@example.com';
const MESSAGE = 'abc123def456';
/** Times of the conversation that examples tell, and when it ends. */
const HISTORY = /2025-01-15T\d\d:\d\d:\d\dZ/g;
const REPLIED = Date.parse('2025-01-15T11:00:00Z');
const EMAIL_EVENT = /^(?:FIRST_)?EMAIL_/;

/**
 * Receivers tell events apart by campaign, address, type and time, so each sample after the first is about another
 * lead, and of this moment. All are of one campaign: its webhooks get whatever is made up.
 */
export function sample(type: string, n: number, now: Date): object {
  const example = withLeadEmail(type, smartleadCatalogue.find(({ name }) => name === type)?.example ?? {});
  if (n === 0) return example;
  const text = JSON.stringify(example)
    .replaceAll(LEAD, `lead${n}@example.com`)
    .replaceAll(MESSAGE, `${MESSAGE}${n}`)
    .replaceAll(HISTORY, (at) => seconds(new Date(now.getTime() - (REPLIED - Date.parse(at)))));
  const members = Object.entries(JSON.parse(text) as Record<string, unknown>).map(([key, value]) => {
    if (key.startsWith('time_')) return [key, seconds(now)];
    if (key in campaign) return [key, campaign[key as keyof typeof campaign]];
    const isOwnId = key === 'lead_id' || key === 'accountId';
    return [key, isOwnId && typeof value === 'number' ? value + n : value];
  });
  return Object.fromEntries(members) as object;
}

/** The guide's generation names the lead of each email event by this key, and clients look there first. */
function withLeadEmail(type: string, example: object): object {
  const { to_email: lead } = example as { to_email?: unknown };
  return EMAIL_EVENT.test(type) && typeof lead === 'string' ? { ...example, sl_lead_email: lead } : example;
}

function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
