import { hmacSha256 } from '../../lib/hmac-sha256.js';
import { publicId } from '../../core/ids.js';
import type { AuthenticationInput } from '../profile.js';
import { styledHeaders } from '../styled-signature.js';
import { signatureOf } from './options.js';

/** Standard Webhooks, and before it the signature of another system where the subscription has chosen one. */
export function authenticationHeaders(input: AuthenticationInput): Record<string, string> {
  const choice = signatureOf(input.hook.options);
  return choice ? { ...styledHeaders(choice, input), ...standardHeaders(input) } : standardHeaders(input);
}

/** Standard Webhooks 1.0: one HMAC-SHA256 per live key, so that a receiver can change keys without a gap. */
function standardHeaders({
  eventId,
  attemptAt,
  body,
  keys,
  version,
}: AuthenticationInput): Record<string, string> {
  const id = publicId('evt', eventId);
  const timestamp = String(Math.floor(attemptAt / 1000));
  const signatures = keys.map((key) => `v1,${hmacSha256(key, `${id}.${timestamp}.`, body, 'base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    ...(version !== undefined && { 'webhook-version': String(version) }),
  };
}
