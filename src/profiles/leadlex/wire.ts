import { hmacSha256 } from '../../lib/hmac-sha256.js';
import type { AuthenticationInput, RenderInput } from '../profile.js';

/** Four keys in this order, and the data as the text it was published as. Times are without milliseconds, as shown. */
export function render({ event, type, data }: RenderInput): Buffer {
  const head = {
    event: type,
    timestamp: event.occurredAt.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    workspace_id: event.spaceId,
  };
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":${data}}`);
}

/** The signature covers the body alone. */
export function authenticationHeaders({
  deliveryId,
  attemptAt,
  body,
  keys,
}: AuthenticationInput): Record<string, string> {
  const [key] = keys;
  const signature = key && hmacSha256(key, '', body, 'hex');
  return {
    'user-agent': 'LeadLex-Webhook/1.0',
    ...(signature !== undefined && { 'x-leadlex-signature': `sha256=${signature}` }),
    'x-leadlex-timestamp': new Date(attemptAt).toISOString(),
    'x-leadlex-delivery-id': deliveryId,
  };
}
