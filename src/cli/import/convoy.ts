import { CliFailure } from '../cli-failure.js';
import { uidOf, type ImportItem, type ImportSignature, type ImportSource } from './import-plan.js';
import type { SourceClient } from './source-client.js';

interface Answer<T> {
  data: { content: T[] | null; pagination?: { has_next_page?: boolean; next_page_cursor?: string } };
}
interface Project {
  data?: {
    config?: {
      signature?: { header?: string; versions?: { hash?: string; encoding?: string }[] | null } | null;
    } | null;
  };
}
interface EventType {
  name: string;
  description?: string;
  deprecated_at?: string | null;
}
interface Endpoint {
  uid: string;
  name?: string;
  description?: string;
  owner_id?: string;
  url?: string;
  target_url?: string;
  status?: string;
  secrets?: { value: string; expires_at?: string | null; deleted_at?: string | null }[];
  rate_limit?: number;
  rate_limit_duration?: number;
  http_timeout?: number;
  advanced_signatures?: boolean;
  authentication?: { type?: string; api_key?: { header_name: string; header_value: string } } | null;
}
interface Subscription {
  uid: string;
  endpoint_metadata?: { uid: string } | null;
  filter_config?: { event_types?: string[] | null; filter?: { body?: object; headers?: object } | null };
}

/** Owners of endpoints, or the project, become spaces; endpoints with what they are subscribed to, subscriptions. */
export async function* fromConvoy(client: SourceClient, project: string): ImportSource {
  const at = `/api/v1/projects/${encodeURIComponent(project)}`;
  const signature = await readSignature(client, at);
  const types = await client.get<{ data: EventType[] }>(`${at}/event-types`);
  for (const { name, description, deprecated_at: ended } of types.data)
    if (name !== '*') yield { kind: 'type', type: { name, description, isDeprecated: Boolean(ended) } };
  const subscriptions = new Map<string, Subscription[]>();
  for await (const one of pages<Subscription>(client, `${at}/subscriptions`)) {
    const endpoint = one.endpoint_metadata?.uid;
    if (endpoint !== undefined) subscriptions.set(endpoint, [...(subscriptions.get(endpoint) ?? []), one]);
  }
  const spaces = new Set<string>();
  for await (const endpoint of pages<Endpoint>(client, `${at}/endpoints`)) {
    const owner = endpoint.owner_id || project;
    const uid = uidOf(owner);
    if (!spaces.has(uid)) yield { kind: 'space', space: { uid, name: owner } };
    spaces.add(uid);
    yield itemOf(uid, endpoint, subscriptions.get(endpoint.uid) ?? [], signature);
  }
}

interface ProjectSignature {
  signature: Omit<ImportSignature, 'style'>;
  notes: string[];
}

/** Not every key may read the project. */
async function readSignature(client: SourceClient, at: string): Promise<ProjectSignature> {
  try {
    return signatureOf(await client.get<Project>(at));
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const note =
      'The key may not read how the project signs: X-Convoy-Signature with SHA-256 in hex is taken. ' +
      'Change profileOptions.signature where that differs.';
    return { signature: {}, notes: [note] };
  }
}

/** The project decides how all of its endpoints are signed, but for the time in the signature. The newest counts. */
function signatureOf({ data }: Project): ProjectSignature {
  const { header, versions } = data?.config?.signature ?? {};
  const newest = versions?.at(-1);
  const signature = {
    ...(header && { header: header.toLowerCase() }),
    ...(newest?.hash && { hash: newest.hash.toLowerCase() }),
    ...(newest?.encoding && { encoding: newest.encoding.toLowerCase() }),
  };
  const isOneOfMany = (versions?.length ?? 0) > 1;
  return {
    signature,
    notes: isOneOfMany ? ['The project signs in several versions: the newest is taken, as v1.'] : [],
  };
}

function itemOf(
  space: string,
  one: Endpoint,
  subscriptions: Subscription[],
  { signature, notes: aboutProject }: ProjectSignature,
): ImportItem {
  const url = one.url ?? one.target_url ?? '';
  if (subscriptions.length === 0)
    return { kind: 'bad', what: one.uid, reason: 'No subscription of Convoy sends anything to it.' };
  const events = [
    ...new Set(subscriptions.flatMap(({ filter_config: config }) => config?.event_types ?? ['*'])),
  ];
  const isFiltered = subscriptions.some(({ filter_config: config }) => {
    const { body = {}, headers = {} } = config?.filter ?? {};
    return Object.keys(body).length + Object.keys(headers).length > 0;
  });
  const { type, api_key: apiKey } = one.authentication ?? {};
  const notes = [...aboutProject, ...(isFiltered ? ['Its filter is left out: write it anew.'] : [])];
  if (type && type !== 'api_key') notes.push(`Its ${type} is left out: set the credentials by hand.`);
  return {
    kind: 'endpoint',
    endpoint: {
      ...{
        space,
        uid: uidOf(one.uid),
        url,
        notes,
        isPaused: one.status !== undefined && one.status !== 'active',
      },
      isBareData: true,
      isTextSecret: true,
      signature: { style: one.advanced_signatures ? 'convoy-advanced' : 'convoy', ...signature },
      description: one.description || one.name || undefined,
      events: events.includes('*') ? undefined : events,
      secret: one.secrets?.find((secret) => !secret.expires_at && !secret.deleted_at)?.value,
      headers: apiKey ? { [apiKey.header_name]: apiKey.header_value } : undefined,
      rate: rateOf(one),
      timeoutMs: one.http_timeout ? one.http_timeout * 1_000 : undefined,
    },
  };
}

/** Convoy counts requests in a number of seconds. */
function rateOf({ rate_limit: count, rate_limit_duration: seconds }: Endpoint): number | undefined {
  return count && seconds ? Math.max(1, Math.round(count / seconds)) : undefined;
}

async function* pages<T>(client: SourceClient, path: string): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const query: Record<string, string | null> = {
      perPage: '100',
      direction: 'next',
      next_page_cursor: cursor,
    };
    const { data }: Answer<T> = await client.get(path, query);
    yield* data.content ?? [];
    const next = data.pagination?.has_next_page ? (data.pagination.next_page_cursor ?? null) : null;
    // A server that gives the same page for ever is left.
    cursor = next === cursor ? null : next;
  } while (cursor !== null);
}
