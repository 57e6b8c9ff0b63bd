import { Lru } from '../lib/lru.js';
import { Mask, secretsToMask } from '../lib/mask.js';
import { bodySecretsOf } from '../subscriptions/body-secrets.js';
import type { Endpoint } from '../subscriptions/endpoints.service.js';
import type { AttemptOutcome } from '../outbound/attempt-outcome.js';

/** An answer as the log may keep it. */
interface RedactedResponse {
  headers: [string, string][];
  body: Buffer;
}

type ResponseParts = Pick<AttemptOutcome, 'responseHeaders' | 'responseBody' | 'truncated'>;
type MaskSource = Pick<Endpoint, 'id' | 'headers' | 'profile' | 'secrets'>;

/** Of masks kept ready, about 35 MB of memory: some thousand subscriptions with a token, or 60 with all the headers they may have. */
const CAPACITY = 1_000_000;

const masks = new Lru<{ of: MaskSource; mask: Mask | null }>(CAPACITY);

/**
 * An answer without its endpoint's secrets. Endpoints in debug mode give back what they got, and the values of a
 * subscription's own headers are sealed at rest and hidden from keys without `manage`. An endpoint that encodes
 * its answer, but for the escapes of JSON and what `decompress.ts` takes off, is beyond this.
 */
export function redactResponse(
  { responseHeaders, responseBody, truncated }: ResponseParts,
  endpoint: MaskSource,
): RedactedResponse {
  const mask = maskOf(endpoint);
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
  masks.set(endpoint.id, { of: endpoint, mask }, mask?.weight ?? 1);
  return mask;
}

function isEmpty(headers: Readonly<Record<string, string>>): boolean {
  for (const _name in headers) return false;
  return true;
}
