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
  if (one.type !== 'webhook' || url === undefined)
    return {
      kind: 'bad',
      what: one.id,
      reason: `It is of the type ${one.type}; only webhooks are taken over.`,
    };
  return {
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(one.id), url, secret: one.credentials?.secret },
      isBareData: true,
      headers: headersOf(one.config?.custom_headers),
      events: one.topics === '*' ? undefined : one.topics,
      metadata: one.metadata ?? undefined,
      isPaused: Boolean(one.disabled_at),
      notes: one.filter ? ['Its filter is left out: write it anew.'] : [],
    },
  };
}

/** Older versions give them as JSON text. */
function headersOf(given: string | Record<string, string> | undefined): Record<string, string> | undefined {
  if (typeof given !== 'string') return given;
  return given === '' ? undefined : (JSON.parse(given) as Record<string, string>);
}
