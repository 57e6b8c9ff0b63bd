import { maskBytes, maskText, secretsToMask } from '../core/mask.js';
import type { AttemptOutcome } from './attempt-outcome.js';

/**
 * An answer as the log may keep it. Endpoints in debug mode give back what they got, and the values of a
 * subscription's own headers are sealed at rest and hidden from keys without `manage`. An endpoint that compresses
 * or encodes its answer is beyond this.
 */
export function maskEcho(
  { responseHeaders, responseBody }: Pick<AttemptOutcome, 'responseHeaders' | 'responseBody'>,
  ownHeaders: Readonly<Record<string, string>>,
  bodySecrets: readonly string[] = [],
): { headers: [string, string][]; body: Buffer } {
  const secrets = secretsToMask(ownHeaders, bodySecrets);
  return {
    headers: responseHeaders.map(([name, value]) => [name, maskText(value, secrets)]),
    body: maskBytes(responseBody, secrets),
  };
}
