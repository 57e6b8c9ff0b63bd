import type { ScopeLevel } from '../../core/domain-types.js';
import { unstorableValues } from '../../http/unstorable-values.js';
import { CAMPAIGN_EVENTS, campaignEventOf } from '../../profiles/smartlead/catalogue.js';
import { webhookErrorFormat, type ErrorFormat } from './smartlead-error.js';
import { isJsonObject } from '../../lib/is-json-object.js';

/** What a request says about a webhook, in our words. What it leaves out is absent. */
export interface WebhookInput {
  url?: string;
  description?: string | null;
  /** At least one. */
  events?: string[];
  /** Empty lists: every category. */
  categories?: { categoryIds: string[]; categoryNames: string[] };
  scope?: WebhookScope;
  webhookType?: string;
  /** The key that signs its calls. */
  secret?: string;
}

export interface WebhookScope {
  level: ScopeLevel;
  clientId?: string;
  campaignId?: string;
}

type Body = Record<string, unknown>;

const MAX_URL = 2_048;
const MAX_NAME = 1_024;
const MAX_LIST = 1_000;

/** Throws Refusal. Null is as good as absent, and fields nobody knows are passed over: their clients send both. */
export function readBody(body: unknown, format: ErrorFormat): Body {
  if (body === undefined) return {};
  if (!isJsonObject(body)) throw format.wrong('body', body);
  const [unstorable] = unstorableValues(body);
  if (unstorable) throw format.wrong(unstorable.path, 'unreadable value', unstorable.message);
  return Object.fromEntries(Object.entries(body as Body).filter(([, value]) => value !== null));
}

/** Everything but the scope. Throws Refusal. */
export function readWebhook(body: Body, format: ErrorFormat): WebhookInput {
  const { webhook_url: url, webhook_type: type, secret_key: secret } = body;
  const { name = body.webhook_name } = body;
  if (url !== undefined && (typeof url !== 'string' || url.length > MAX_URL))
    throw format.wrong('webhook_url', url);
  if (name !== undefined && (typeof name !== 'string' || name.length > MAX_NAME))
    throw format.wrong('name', name);
  if (secret !== undefined && typeof secret !== 'string') throw format.secret('Use a text.');
  const events = readEvents(body, format);
  const categories = readCategories(body, format);
  return {
    ...(url !== undefined && { url }),
    ...(name !== undefined && { description: name }),
    ...(events && { events }),
    ...(categories && { categories }),
    ...(type !== undefined && { webhookType: readType(type, format) }),
    ...(secret !== undefined && { secret }),
  };
}

/** The webhook that a request is about; undefined: a new one. `webhook_id` is another generation's name of `id`. */
export function webhookIdIn({ id, webhook_id: other }: Body): unknown {
  return id ?? other;
}

const LEVELS = new Map<unknown, ScopeLevel>([
  ['user', 'space'],
  ['1', 'space'],
  [1, 'space'],
  ['client', 'client'],
  ['2', 'client'],
  [2, 'client'],
  ['campaign', 'campaign'],
  ['3', 'campaign'],
  [3, 'campaign'],
]);

/** Whose events it hears; null when the request does not say. An id the level does not need is passed over. */
export function readScope(body: Body): WebhookScope | null {
  const { association_type: type, client_id: client, email_campaign_id: campaign } = body;
  if (type === undefined) return null;
  const level = LEVELS.get(type);
  if (!level) throw webhookErrorFormat.wrong('association_type', type, 'Use user, client or campaign.');
  if (level === 'client') return { level, clientId: required('client_id', client) };
  return level === 'campaign' ? { level, campaignId: required('email_campaign_id', campaign) } : { level };
}

function required(field: string, value: unknown): string {
  if (value === undefined) throw webhookErrorFormat.missing(field);
  const id = positiveIdOf(value);
  if (id === null) throw webhookErrorFormat.wrong(field, value, 'Use a positive integer.');
  return id;
}

/** A positive integer as its digits, from a number or a text; null for anything else. */
export function positiveIdOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? text : null;
}

/** All that any of the fields names; undefined when there is none of them. */
function readEvents(body: Body, format: ErrorFormat): string[] | undefined {
  const { event_type_map: map, event_type: one, event_types: list } = body;
  if (map === undefined && one === undefined && list === undefined) return undefined;
  const named = new Set<unknown>([
    ...keysOf('event_type_map', map, (key) => campaignEventOf(key) !== null, format),
    ...listOf('event_types', list, format),
    ...(one === undefined ? [] : [one]),
  ]);
  const events = new Set<string>();
  for (const name of named) {
    const event = campaignEventOf(name);
    if (event === null) throw format.wrong(list === undefined ? 'event_type' : 'event_types', name);
    events.add(event);
  }
  if (events.size === 0) throw format.missing(list === undefined ? 'event_type_map' : 'event_types');
  return [...CAMPAIGN_EVENTS].filter((name) => events.has(name));
}

/** Ids in maps, ids or names in lists: their generations differ. */
function readCategories(body: Body, format: ErrorFormat): WebhookInput['categories'] {
  const { category_id_map: map, category_id: one, categories: list } = body;
  if (map === undefined && one === undefined && list === undefined) return undefined;
  const ids = new Set(keysOf('category_id_map', map, (key) => positiveIdOf(key) !== null, format));
  const names = new Set<string>();
  if (one !== undefined) ids.add(categoryId(one, format));
  for (const item of listOf('category', list, format)) {
    if (positiveIdOf(item) !== null) ids.add(categoryId(item, format));
    else if (typeof item === 'string' && item.trim() !== '' && item.length <= 256) names.add(item);
    else throw format.wrong('category', item);
  }
  return { categoryIds: [...ids], categoryNames: [...names] };
}

function categoryId(value: unknown, format: ErrorFormat): string {
  const id = positiveIdOf(value);
  if (id === null) throw format.wrong('category_id', value);
  return id;
}

/** The keys of a map that are set to true; every key must be one that may be there. */
function keysOf(field: string, map: unknown, mayBe: (key: string) => boolean, format: ErrorFormat): string[] {
  if (map === undefined) return [];
  if (!isJsonObject(map)) throw format.wrong(field, map);
  const entries = Object.entries(map as Body);
  if (entries.length > MAX_LIST) throw format.wrong(field, `${entries.length} entries`);
  for (const [key, value] of entries) {
    if (!mayBe(key)) throw format.wrong(field, key);
    if (typeof value !== 'boolean') throw format.wrong(field, { [key]: value }, 'Use true or false.');
  }
  return entries.filter(([, value]) => value === true).map(([key]) => key);
}

function listOf(field: string, list: unknown, format: ErrorFormat): unknown[] {
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length > MAX_LIST) throw format.wrong(field, list);
  return list;
}

function readType(type: unknown, format: ErrorFormat): string {
  const text = typeof type === 'number' ? String(type) : type;
  if (typeof text !== 'string' || text === '' || text.length > 256) throw format.wrong('webhook_type', type);
  return text;
}
