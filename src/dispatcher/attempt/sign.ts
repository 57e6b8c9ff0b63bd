import { version } from '../../config/version.js';
import { profileOf } from '../../profiles/registry.js';
import { liveSecrets } from '../../endpoints/secrets.js';
import type { ReadyDelivery } from '../lease/lease.js';
import type { Header } from '../../outbound/http-connection.js';

const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;
const USER_AGENT = `Posthorn/${version}`;

/** An attempt's headers as they are sent, and as the log may show them. */
export interface SignedHeaders {
  sent: readonly Header[];
  /** JSON text of `[name, value]` pairs; the values of custom headers are masked, since they often hold tokens. */
  logged: string;
  /** The access token that was sent besides; absent or null: none. */
  token?: string | null;
}

/**
 * Makes the headers of one attempt. A subscription's own headers cannot replace Posthorn's. `trace`: those that
 * continue the event's trace; a subscription may have its own.
 */
export function sign(
  { delivery, endpoint, event: { version, publisherId = null } }: ReadyDelivery,
  body: Buffer,
  attemptAt: number,
  trace: readonly Header[] = [],
): SignedHeaders {
  const authentication = profileOf(endpoint.profile).authenticationHeaders({
    eventId: delivery.eventId,
    publisherId,
    type: delivery.eventType,
    deliveryId: delivery.id,
    attemptAt,
    body,
    keys: liveSecrets(endpoint.secrets, attemptAt).map((secret) => secret.key),
    hook: endpoint.hook,
    ...(version !== undefined && { version }),
  });
  const ours: Header[] = [
    ['content-type', CONTENT_TYPES[endpoint.format?.contentType ?? 'json']],
    ['user-agent', authentication['user-agent'] ?? USER_AGENT],
  ];
  // Some servers respond 406 to a request without `accept`. A subscription may have its own.
  if (!hasOwn(endpoint.headers, 'accept')) ours.push(['accept', '*/*']);
  if (trace.length > 0 && !hasOwn(endpoint.headers, 'traceparent') && !hasOwn(endpoint.headers, 'tracestate'))
    ours.push(...trace);
  for (const name in authentication)
    if (name !== 'user-agent') ours.push([name, authentication[name] as string]);
  const custom = Object.keys(endpoint.headers);
  if (custom.length === 0) return { sent: ours, logged: JSON.stringify(ours) };
  return {
    sent: withoutOurs(endpoint.headers, ours),
    logged: JSON.stringify([...ours, ...custom.map((name): Header => [name, '***'])]),
  };
}

/** Ours come last, and whatever the case of a name there is one header of it. */
function withoutOurs(own: Readonly<Record<string, string>>, ours: Header[]): Header[] {
  const taken = new Set(ours.map(([name]) => name));
  return [...Object.entries(own).filter(([name]) => !taken.has(name.toLowerCase())), ...ours];
}

function hasOwn(headers: Readonly<Record<string, string>>, wanted: string): boolean {
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return true;
  return false;
}
