import { maskBytes, maskText, secretsToMask } from '../core/mask.js';
import type { AttemptOutcome } from './attempt-outcome.js';

/**
 * An answer as the log may keep it. Endpoints in debug mode give back what they got, and the values of a
 * subscription's own headers are sealed at rest and hidden from keys without `manage`. An endpoint that compresses
 * or encodes its answer, but for the escapes of JSON, is beyond this.
 */
export function maskEcho(
  {
    responseHeaders,
    responseBody,
    truncated,
  }: Pick<AttemptOutcome, 'responseHeaders' | 'responseBody' | 'truncated'>,
  ownHeaders: Readonly<Record<string, string>>,
  bodySecrets: readonly string[] = [],
): { headers: [string, string][]; body: Buffer } {
  const secrets = secretsToMask(ownHeaders, bodySecrets);
  if (secrets.length === 0) return { headers: responseHeaders, body: responseBody };
  return {
    headers: responseHeaders.map(([name, value]) => [name, maskText(value, secrets)]),
    body: maskBytes(responseBody, secrets, truncated),
  };
}
