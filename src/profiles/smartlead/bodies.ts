import { smartleadCatalogue } from './catalogue.js';

/** A documented body: its keys in order, and which of them hold lists. */
export interface Body {
  keys: readonly string[];
  lists: ReadonlySet<string>;
}

const DOCUMENTED = [
  'EMAIL_SENT',
  'FIRST_EMAIL_SENT',
  'EMAIL_OPEN',
  'EMAIL_LINK_CLICK',
  'EMAIL_REPLY',
  'LEAD_UNSUBSCRIBED',
  'LEAD_CATEGORY_UPDATED',
  'EMAIL_ACCOUNT_DISCONNECTED',
];

/** Bodies of the guide of another generation, which end with the event's name. */
const GUIDE: Record<string, readonly string[]> = {
  EMAIL_REPLY: [
    'campaign_status',
    'stats_id',
    'sl_email_lead_id',
    'sl_email_lead_map_id',
    'sl_lead_email',
    'from_email',
    'cc_emails',
    'subject',
    'to_email',
    'to_name',
    'time_replied',
    'event_timestamp',
    'message_id',
    'preview_text',
    'campaign_name',
    'campaign_id',
    'sequence_number',
    'secret_key',
    'app_url',
    'ui_master_inbox_link',
    'description',
    'metadata',
    'leadCorrespondence',
    'webhook_url',
    'webhook_id',
    'webhook_name',
    'event_type',
  ],
};

const examples = new Map(smartleadCatalogue.map(({ name, example }) => [name, example]));

/** The body of each event whose body its document shows. */
export const BODIES: ReadonlyMap<string, Body> = new Map([
  ...DOCUMENTED.map((name): [string, Body] => [name, bodyOf(name, (word, keys) => [word, ...keys])]),
  ['MANUAL_STEP_REACHED', bodyOf('MANUAL_STEP_REACHED', (word, keys) => [...keys, word])],
]);

/** The key of the event's name: the account events are written in camel case. */
export function nameKeyOf(type: string): 'eventType' | 'event_type' {
  return type.endsWith('_DISCONNECTED') ? 'eventType' : 'event_type';
}

/** The guide's keys for an event, when its data has exactly those; null: another generation's. */
export function guideKeys(type: string, given: ReadonlyMap<string, string>): readonly string[] | null {
  const keys = GUIDE[type];
  return keys?.length === given.size && keys.every((key) => given.has(key)) ? keys : null;
}

function bodyOf(type: string, order: (word: string, keys: string[]) => string[]): Body {
  const example: object = examples.get(type) ?? {};
  const lists = Object.entries(example).filter(([, value]) => Array.isArray(value));
  return {
    keys: order(nameKeyOf(type), Object.keys(example)),
    lists: new Set(lists.map(([key]) => key)),
  };
}
