import { convoyParts, type ConvoySubscription } from './convoy-filter.js';
import { uidOf, type ImportItem, type ImportSignature, type ImportSource } from './import-plan.js';
import { SourceRefusal, type SourceClient } from './source-client.js';

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
interface Subscription extends ConvoySubscription {
  endpoint_metadata?: { uid: string } | null;
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
    if (endpoint === undefined) continue;
    const filters = await readFilters(client, `${at}/subscriptions/${encodeURIComponent(one.uid)}/filters`);
    subscriptions.set(endpoint, [...(subscriptions.get(endpoint) ?? []), { ...one, filters }]);
  }
  const spaces = new Set<string>();
  for await (const endpoint of pages<Endpoint>(client, `${at}/endpoints`)) {
    const owner = endpoint.owner_id || project;
    const uid = uidOf(owner);
    if (!spaces.has(uid)) yield { kind: 'space', space: { uid, name: owner } };
    spaces.add(uid);
    yield* itemsOf(uid, endpoint, subscriptions.get(endpoint.uid) ?? [], signature);
  }
}

/** Later releases have a filter for each event type of a subscription, at an address of its own. */
async function readFilters(client: SourceClient, path: string): Promise<ConvoySubscription['filters']> {
  try {
    return (await client.get<{ data?: ConvoySubscription['filters'] }>(path)).data ?? [];
  } catch (error) {
    if (error instanceof SourceRefusal) return [];
    throw error;
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
    if (!(error instanceof SourceRefusal)) throw error;
    const note =
      'The key cannot read how the project signs: X-Convoy-Signature with SHA-256 in hex is assumed. ' +
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
    notes: isOneOfMany ? ['The project signs in several versions: the newest is used, as v1.'] : [],
  };
}

/** One for each different filter: the first has the endpoint's uid, others that of their subscription. */
function itemsOf(
  space: string,
  one: Endpoint,
  subscriptions: Subscription[],
  { signature, notes: aboutProject }: ProjectSignature,
): ImportItem[] {
  if (subscriptions.length === 0)
    return [{ kind: 'bad', what: one.uid, reason: 'No subscription of Convoy sends anything to it.' }];
  const { type, api_key: apiKey } = one.authentication ?? {};
  const about =
    type && type !== 'api_key' ? [`Its ${type} is not imported: set the credentials manually.`] : [];
  return convoyParts(subscriptions).map(({ subscription, events, filter, notes }, index) => ({
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(index === 0 ? one.uid : subscription), url: one.url ?? one.target_url ?? '' },
      ...{ events, filter, notes: [...aboutProject, ...about, ...notes] },
      isPaused: one.status !== undefined && one.status !== 'active',
      isBareData: true,
      isTextSecret: true,
      signature: { style: one.advanced_signatures ? 'convoy-advanced' : 'convoy', ...signature },
      description: one.description || one.name || undefined,
      secret: one.secrets?.find((secret) => !secret.expires_at && !secret.deleted_at)?.value,
      headers: apiKey ? { [apiKey.header_name]: apiKey.header_value } : undefined,
      rate: rateOf(one),
      timeoutMs: one.http_timeout ? one.http_timeout * 1_000 : undefined,
    },
  }));
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
