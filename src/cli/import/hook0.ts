import { isTag, MAX_TAGS, uidOf, type ImportItem, type ImportSource } from './import-plan.js';
import type { SourceClient } from './source-client.js';

/** What a subscription's `method` may be. */
const METHODS = ['POST', 'PUT', 'PATCH'];

interface Application {
  application_id: string;
  name: string;
}
interface Subscription {
  subscription_id: string;
  is_enabled: boolean;
  description?: string | null;
  event_types: string[];
  secret?: string;
  metadata?: Record<string, unknown> | null;
  labels?: Record<string, string> | null;
  /** Of older releases. */
  label_key?: string;
  label_value?: string;
  target: { type: string; method?: string; url?: string; headers?: Record<string, string> };
}

/** Applications become spaces, HTTP subscriptions subscriptions. */
export async function* fromHook0(client: SourceClient, organization: string): ImportSource {
  const applications = await client.get<Application[]>('/api/v1/applications', {
    organization_id: organization,
  });
  const names = new Set<string>();
  for (const { application_id: id } of applications) {
    const types = await client.get<{ event_type_name: string }[]>('/api/v1/event_types', {
      application_id: id,
    });
    for (const { event_type_name: name } of types) {
      if (!names.has(name)) yield { kind: 'type', type: { name } };
      names.add(name);
    }
  }
  for (const { application_id: id, name } of applications) {
    const space = uidOf(id);
    yield { kind: 'space', space: { uid: space, name } };
    for (const one of await client.get<Subscription[]>('/api/v1/subscriptions', { application_id: id }))
      yield itemOf(space, one);
  }
}

function itemOf(space: string, one: Subscription): ImportItem {
  const { type, method = 'POST', url, headers } = one.target;
  const what = one.subscription_id;
  if (type !== 'http' || url === undefined)
    return { kind: 'bad', what, reason: `Its target is ${type}; only http is imported.` };
  if (!METHODS.includes(method.toUpperCase()))
    return { kind: 'bad', what, reason: `It is sent with ${method}; Posthorn sends ${METHODS.join(', ')}.` };
  return {
    kind: 'endpoint',
    endpoint: {
      ...{ space, uid: uidOf(what), url, headers, secret: one.secret, isPaused: !one.is_enabled },
      isBareData: true,
      signature: { style: 'hook0' },
      isTextSecret: true,
      method: method.toUpperCase(),
      description: one.description || undefined,
      events: one.event_types.length > 0 ? one.event_types : undefined,
      metadata: one.metadata ? asTexts(one.metadata) : undefined,
      ...tagsOf(one),
    },
  };
}

/** Labels are tags: an event fits that has all of them, with these values. */
function tagsOf({ labels, label_key: key, label_value: value = '' }: Subscription) {
  const all = Object.entries(labels ?? (key ? { [key]: value } : {}));
  if (all.length === 0) return {};
  const text = all.map(([name, one]) => `${name}=${one}`).join(', ');
  const unfit = all.find(([name, one]) => !isTag(name, one));
  if (unfit === undefined && all.length <= MAX_TAGS) {
    const notes = [`It asks for the tags ${text}: publish the labels of events as "tags".`];
    return { scope: { tags: Object.fromEntries(all) }, notes };
  }
  const why = unfit === undefined ? `there are more than ${MAX_TAGS}` : `${unfit[0]} cannot be a tag`;
  return { notes: [`Its labels (${text}) are not imported, since ${why}: it gets events with any labels.`] };
}

/** Its metadata may be any JSON. */
function asTexts(metadata: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(metadata).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}
