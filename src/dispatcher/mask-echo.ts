import type { AttemptOutcome } from './attempt-outcome.js';

const MASK = '***';
/** A shorter value, such as a version or a region, is no secret, and masking it would tear answers apart. */
const SECRET_LENGTH = 8;
/** An endpoint that refuses `Bearer <token>` names the token alone. */
const WITH_SCHEME = /^\S+ +(\S+)$/;

/**
 * An answer as the log may keep it. Endpoints in debug mode give back what they got, and the values of a
 * subscription's own headers are sealed at rest and hidden from keys without `manage`. An endpoint that compresses
 * or encodes its answer is beyond this.
 */
export function maskEcho(
  { responseHeaders, responseBody }: Pick<AttemptOutcome, 'responseHeaders' | 'responseBody'>,
  ownHeaders: Readonly<Record<string, string>>,
): { headers: [string, string][]; body: Buffer } {
  const secrets = secretsOf(ownHeaders);
  const hasEcho = secrets.some((secret) => responseBody.includes(secret));
  return {
    headers: responseHeaders.map(([name, value]) => [name, mask(value, secrets)]),
    // Latin-1 keeps every byte, and a header's value is ASCII.
    body: hasEcho ? Buffer.from(mask(responseBody.toString('latin1'), secrets), 'latin1') : responseBody,
  };
}

function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.values(headers)
    .flatMap((value) => [value, WITH_SCHEME.exec(value)?.[1] ?? ''])
    .filter((value) => value.length >= SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
}

function mask(text: string, secrets: string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
