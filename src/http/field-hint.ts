import { nearestName } from '../lib/nearest-name.js';

/** What the same thing is called elsewhere, in small letters, by the name of a field of ours. */
const ALIASES: Record<string, readonly string[]> = {
  type: ['event', 'eventtype', 'eventname', 'topic', 'name', 'kind', 'action'],
  data: ['payload', 'body', 'content', 'attributes', 'message', 'object'],
  id: ['eventid', 'messageid', 'idempotencykey', 'uid', 'uuid'],
  occurredAt: ['timestamp', 'time', 'date', 'createdat', 'at'],
  ttlSeconds: ['ttl', 'expiresin'],
  expiresInSeconds: ['ttl', 'expiresin', 'validfor'],
  expiresAt: ['expires', 'expiry', 'validuntil', 'deadline'],
  url: [
    'endpoint',
    'endpointurl',
    'target',
    'targeturl',
    'callback',
    'callbackurl',
    'webhookurl',
    'hookurl',
    'uri',
    'address',
  ],
  events: ['event', 'eventtypes', 'types', 'type', 'topics', 'enabledevents', 'filtertypes'],
  eventTypes: ['events', 'types', 'type', 'topics'],
  uid: ['externalid', 'externaluid', 'slug', 'reference', 'id'],
  name: ['title', 'label'],
  description: ['name', 'title', 'label', 'comment'],
  metadata: ['meta', 'tags', 'labels', 'attributes'],
  headers: ['customheaders', 'httpheaders'],
  secret: ['signingsecret', 'signingkey', 'token', 'key'],
  retrySchedule: ['retry', 'retries', 'retrypolicy', 'backoff', 'schedule'],
  timeoutMs: ['timeout', 'timeoutseconds'],
  rateLimit: ['ratelimitpersecond', 'throttle', 'reserve'],
  perSecond: ['limit', 'rate', 'rps'],
  filter: ['filters', 'condition', 'conditions', 'where'],
  scope: ['role', 'permission', 'permissions', 'scopes'],
  since: ['from', 'start', 'after', 'begin'],
  until: ['to', 'end', 'before', 'till'],
  subscription: ['subscriptionid', 'sub', 'endpoint', 'endpointid', 'webhook'],
  event: ['eventid', 'messageid'],
  status: ['state'],
  statuses: ['status', 'states', 'state'],
  limit: ['pagesize', 'perpage', 'size', 'take', 'count'],
  cursor: ['page', 'after', 'offset', 'iterator', 'next', 'nextcursor', 'pagetoken'],
  order: ['sort', 'direction', 'orderby'],
  overlapSeconds: ['overlap', 'graceperiod'],
  count: ['number', 'n', 'times'],
};

/**
 * The field of `known` that a person most likely meant by an unknown one: what it is called elsewhere, or the name that
 * is spelt most like it. Null when there is none, or it is `given` already.
 */
export function meantField(name: string, known: Iterable<string>, given: object = {}): string | null {
  const free = [...known].filter((field) => !Object.hasOwn(given, field));
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const alias = free.find((field) => Object.hasOwn(ALIASES, field) && ALIASES[field]?.includes(plain));
  return alias ?? nearestName(name, free);
}
