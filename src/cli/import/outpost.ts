import { uidOf, type ImportItem, type ImportSource } from './import-plan.js';
import type { SourceClient } from './source-client.js';

interface Tenant {
  id: string;
  metadata?: Record<string, string> | null;
}
interface Tenants {
  models: Tenant[];
  pagination?: { next?: string | null };
}
interface Destination {
  id: string;
  type: string;
  topics: '*' | string[];
  config?: { url?: string; custom_headers?: string | Record<string, string> };
  credentials?: { secret?: string };
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
    yield* page.models;
    const after = page.pagination?.next ?? null;
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
      reason: `It is of the type ${one.type}; only webhooks are taken over.`,
    };
  if (headers === null)
    return {
      kind: 'bad',
      what: one.id,
      reason: 'Its custom_headers are no JSON object of texts. Correct them there.',
    };
  return {
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(one.id), url, secret: one.credentials?.secret },
      isBareData: true,
      headers,
      events: one.topics === '*' ? undefined : one.topics,
      metadata: one.metadata ?? undefined,
      isPaused: Boolean(one.disabled_at),
      notes: one.filter ? ['Its filter is left out: write it anew.'] : [],
    },
  };
}

/** Outpost gives them as JSON text. Null: they are not what they should be. */
function headersOf(given: unknown): Record<string, string> | null | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  const read: unknown = typeof given === 'string' ? parsed(given) : given;
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
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
