import { LRUCache } from 'lru-cache';
import { Mask, secretsToMask } from '../../lib/mask.js';
import { bodySecretsOf } from '../../endpoints/body-secrets.js';
import type { Endpoint } from '../../endpoints/endpoints.service.js';
import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';

/** A response as the log may keep it. */
interface RedactedResponse {
  headers: [string, string][];
  body: Buffer;
}

type ResponseParts = Pick<AttemptOutcome, 'responseHeaders' | 'responseBody' | 'truncated'>;
type MaskSource = Pick<Endpoint, 'id' | 'headers' | 'profile' | 'secrets'>;

/** The weight of all cached masks: about 35 MB of memory, for some thousand subscriptions with a token. */
const CAPACITY = 1_000_000;

const masks = new LRUCache<string, { of: MaskSource; token?: string; mask: Mask | null }>({
  maxSize: CAPACITY,
  sizeCalculation: ({ mask }) => Math.min(CAPACITY, mask?.weight ?? 1),
});

/**
 * Masks the endpoint's secrets in a response: endpoints in debug mode echo the request, and a subscription's own
 * headers are sealed at rest and hidden from keys without `manage`. Finds them as plain text, with JSON's escapes, and
 * compressed in the ways that `decompress.ts` knows; not in other encodings.
 */
export function redactResponse(
  { responseHeaders, responseBody, truncated }: ResponseParts,
  endpoint: MaskSource,
  token: string | null = null,
): RedactedResponse {
  const mask = token === null ? maskOf(endpoint) : maskWithToken(endpoint, token);
  if (mask === null) return { headers: responseHeaders, body: responseBody };
  return {
    headers: responseHeaders.map(([name, value]) => [name, mask.text(value)]),
    body: responseBody.length === 0 ? responseBody : mask.bytes(responseBody, truncated),
  };
}

function maskOf(endpoint: MaskSource): Mask | null {
  const secrets = bodySecretsOf(endpoint);
  // The usual case, for which nothing is kept.
  if (secrets.length === 0 && isEmpty(endpoint.headers)) return null;
  const known = masks.get(endpoint.id);
  // Another version of the subscription is another object.
  if (known?.of === endpoint) return known.mask;
  const mask = Mask.of(secretsToMask(endpoint.headers, secrets));
  masks.set(endpoint.id, { of: endpoint, mask });
  return mask;
}

/** Besides, the access token that this request had. */
function maskWithToken(endpoint: MaskSource, token: string): Mask | null {
  const known = masks.get(`${endpoint.id} token`);
  if (known?.of === endpoint && known.token === token) return known.mask;
  const secrets = secretsToMask(
    { ...endpoint.headers, authorization: `Bearer ${token}` },
    bodySecretsOf(endpoint),
  );
  const mask = Mask.of(secrets);
  masks.set(`${endpoint.id} token`, { of: endpoint, token, mask });
  return mask;
}

function isEmpty(headers: Readonly<Record<string, string>>): boolean {
  for (const _name in headers) return false;
  return true;
}
