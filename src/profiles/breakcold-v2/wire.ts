import { hmacSha256 } from '../../lib/hmac-sha256.js';
import { publicId } from '../../core/ids.js';
import type { AuthenticationInput, RenderInput } from '../profile.js';

/** Five keys in this order, and the data as the text it was published as. */
export function render({ event, type, data }: RenderInput): Buffer {
  const head = {
    eventId: publicId('evt', event.id),
    timestamp: event.occurredAt.toISOString(),
    workspaceId: event.spaceId,
    event: type,
  };
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":${data}}`);
}

/** The signature covers the time as well, so that an old request cannot be sent again as a new one. */
export function authenticationHeaders({
  type,
  deliveryId,
  attemptAt,
  body,
  keys,
}: AuthenticationInput): Record<string, string> {
  const timestamp = String(Math.floor(attemptAt / 1000));
  const [key] = keys;
  const signature = key && hmacSha256(key, `${timestamp}.`, body, 'hex');
  return {
    'user-agent': 'Breakcold-Webhooks/1.0',
    ...(signature !== undefined && { 'x-webhook-signature': `sha256=${signature}` }),
    'x-webhook-event': type,
    'x-webhook-delivery-id': deliveryId,
    'x-webhook-timestamp': timestamp,
  };
}
