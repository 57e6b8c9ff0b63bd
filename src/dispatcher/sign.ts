import { version } from '../config/version.js';
import { profileOf } from '../profiles/registry.js';
import { liveSecrets } from '../subscriptions/secrets.js';
import type { ReadyDelivery } from './claim.js';

const USER_AGENT = `Posthorn/${version}`;

/** An attempt's headers, and the same as the log may show them. */
export interface SignedHeaders {
  sent: Record<string, string>;
  /** JSON text of `[name, value]` pairs; the values of custom headers are masked, since they often hold tokens. */
  logged: string;
}

/** The headers of one attempt: ours first, then the subscription's own, which can name none of ours. */
export function sign({ delivery, endpoint }: ReadyDelivery, body: Buffer, attemptAt: number): SignedHeaders {
  const ours: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    ...profileOf(endpoint.profile).prove({
      eventId: delivery.eventId,
      type: delivery.eventType,
      deliveryId: delivery.id,
      attemptAt,
      body,
      keys: liveSecrets(endpoint.secrets, attemptAt).map((secret) => secret.key),
      hook: endpoint.hook,
    }),
  };
  const masked = Object.keys(endpoint.headers).map((name) => [name, '***']);
  return {
    sent: { ...endpoint.headers, ...ours },
    logged: JSON.stringify([...Object.entries(ours), ...masked]),
  };
}
