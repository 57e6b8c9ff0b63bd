import { uidOf, type ImportItem, type ImportSource } from './import-plan.js';
import type { SourceClient } from './source-client.js';

interface List<T> {
  data: T[];
  iterator: string | null;
  done: boolean;
}
interface App {
  id: string;
  uid?: string | null;
  name: string;
  metadata?: Record<string, string>;
}
interface Endpoint {
  id: string;
  uid?: string | null;
  url: string;
  description?: string;
  filterTypes?: string[] | null;
  channels?: string[] | null;
  disabled?: boolean;
  rateLimit?: number | null;
  throttleRate?: number | null;
  metadata?: Record<string, string>;
}
interface EventType {
  name: string;
  description?: string;
  archived?: boolean;
  deprecated?: boolean;
  schemas?: Record<string, object> | null;
}

/** Applications become spaces, endpoints subscriptions. Receivers see the same signature and headers. */
export async function* fromSvix(client: SourceClient): ImportSource {
  for await (const type of pages<EventType>(client, '/api/v1/event-type', { with_content: 'true' }))
    if (!type.archived) yield { kind: 'type', type: typeOf(type) };
  for await (const app of pages<App>(client, '/api/v1/app')) {
    const uid = uidOf(app.uid, app.id);
    yield { kind: 'space', space: { uid, name: app.name, metadata: app.metadata ?? {} } };
    const at = `/api/v1/app/${encodeURIComponent(app.id)}/endpoint`;
    for await (const endpoint of pages<Endpoint>(client, at)) yield await itemOf(client, uid, at, endpoint);
  }
}

async function itemOf(client: SourceClient, space: string, at: string, one: Endpoint): Promise<ImportItem> {
  const path = `${at}/${encodeURIComponent(one.id)}`;
  const { key } = await client.get<{ key: string }>(`${path}/secret`);
  const { headers, sensitive = [] } = await client.get<{
    headers: Record<string, string>;
    sensitive?: string[];
  }>(`${path}/headers`);
  const notes = sensitive.map((name) => `Svix does not show the header ${name}: set it manually.`);
  if (one.channels?.length)
    notes.push(
      `Its channels (${one.channels.join(', ')}) are not imported, since an event may have several and a ` +
        'tag has one value: use tags or a filter.',
    );
  return {
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(one.uid, one.id), url: one.url, secret: key, headers, notes },
      isBareData: true,
      signature: { style: 'svix' },
      description: one.description || undefined,
      events: one.filterTypes?.length ? one.filterTypes : undefined,
      metadata: one.metadata,
      isPaused: one.disabled,
      rate: one.throttleRate ?? one.rateLimit ?? undefined,
    },
  };
}

function typeOf({ name, description, schemas, deprecated }: EventType) {
  const newest = Object.keys(schemas ?? {}).sort((a, b) => Number(b) - Number(a))[0];
  return {
    name,
    description,
    isDeprecated: deprecated,
    schema: newest && schemas ? schemas[newest] : undefined,
  };
}

async function* pages<T>(
  client: SourceClient,
  path: string,
  query: Record<string, string> = {},
): AsyncGenerator<T> {
  for (let iterator: string | null = null; ;) {
    const page: List<T> = await client.get(path, { limit: '250', iterator, ...query });
    yield* page.data;
    if (page.done || !page.iterator || page.iterator === iterator) return;
    ({ iterator } = page);
  }
}
