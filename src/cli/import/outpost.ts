import { uidOf, type ImportItem, type ImportSource } from './import-plan.js';
import { readOutpostFilter } from './outpost-filter.js';
import type { SourceClient } from './source-client.js';
import { isJsonObject } from '../../lib/is-json-object.js';

interface Tenant {
  id: string;
  metadata?: Record<string, string> | null;
}
/** Outpost 0.12 has `data` and `next`, later releases `models` and `pagination`. */
interface Tenants {
  models?: Tenant[];
  pagination?: { next?: string | null };
  data?: Tenant[];
  next?: string | null;
}
interface Destination {
  id: string;
  type: string;
  topics: '*' | string[];
  config?: { url?: string; custom_headers?: string | Record<string, string> };
  credentials?: { secret?: string; previous_secret?: string };
  /** Sent with each event, as headers. */
  delivery_metadata?: Record<string, string> | null;
  filter?: object | null;
  metadata?: Record<string, string> | null;
  disabled_at?: string | null;
}

/** Tenants become spaces, webhook destinations subscriptions. */
export async function* fromOutpost(client: SourceClient): ImportSource {
  for (const name of await client.get<string[]>('/topics')) yield { kind: 'type', type: { name } };
  for await (const { id, metadata } of tenants(client)) {
    const space = uidOf(id);
    yield { kind: 'space', space: { uid: space, name: id, metadata: metadata ?? {} } };
    const path = `/tenants/${encodeURIComponent(id)}/destinations`;
    for (const one of await client.get<Destination[]>(path)) yield itemOf(space, one);
  }
}

async function* tenants(client: SourceClient): AsyncGenerator<Tenant> {
  for (let next: string | null = null; ;) {
    const page: Tenants = await client.get('/tenants', { limit: '100', next });
    yield* page.models ?? page.data ?? [];
    const after = page.pagination?.next ?? page.next ?? null;
    if (after === null || after === '' || after === next) return;
    next = after;
  }
}

function itemOf(space: string, one: Destination): ImportItem {
  const url = one.config?.url;
  const headers = headersOf(one.config?.custom_headers);
  if (one.type !== 'webhook' || url === undefined)
    return {
      kind: 'bad',
      what: one.id,
      reason: `Its type is ${one.type}; only webhooks are imported.`,
    };
  if (headers === null)
    return {
      kind: 'bad',
      what: one.id,
      reason: 'Its custom_headers are not a JSON object of strings. Correct them there.',
    };
  const { events, filter, scope, notes } = readOutpostFilter(one.filter ?? {}, one.topics);
  if (one.credentials?.previous_secret)
    notes.push('Only its current secret is imported. The previous one no longer signs.');
  return {
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(one.id), url, secret: one.credentials?.secret },
      isBareData: true,
      signature: { style: 'outpost' },
      isTextSecret: true,
      headers: withMetadata(headers, one.delivery_metadata ?? {}),
      ...{ events, filter, scope },
      metadata: one.metadata ?? undefined,
      isPaused: Boolean(one.disabled_at),
      notes,
    },
  };
}

/** Outpost sends them with the prefix of its other headers. */
function withMetadata(
  headers: Record<string, string> | undefined,
  metadata: Record<string, string>,
): Record<string, string> | undefined {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return headers;
  const all = { ...headers };
  for (const [name, value] of entries) all[`x-outpost-${name}`] = value;
  return all;
}

/** Outpost gives them as JSON text. Null: they are not what they should be. */
function headersOf(given: unknown): Record<string, string> | null | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  const read: unknown = typeof given === 'string' ? parsed(given) : given;
  if (!isJsonObject(read)) return null;
  const isText = Object.values(read).every((value) => typeof value === 'string');
  return isText ? (read as Record<string, string>) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
