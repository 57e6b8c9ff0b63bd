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
  bodySecrets: readonly string[] = [],
): { headers: [string, string][]; body: Buffer } {
  const secrets = secretsOf(ownHeaders, bodySecrets);
  const hasEcho = secrets.some((secret) => responseBody.includes(secret, 0, 'latin1'));
  return {
    headers: responseHeaders.map(([name, value]) => [name, mask(value, secrets)]),
    // Latin-1 keeps every byte, and a header's value is ASCII.
    body: hasEcho ? Buffer.from(mask(responseBody.toString('latin1'), secrets), 'latin1') : responseBody,
  };
}

function secretsOf(headers: Readonly<Record<string, string>>, bodySecrets: readonly string[]): string[] {
  return (
    Object.values(headers)
      .flatMap((value) => [value, WITH_SCHEME.exec(value)?.[1] ?? ''])
      .concat(bodySecrets)
      .filter((value) => value.length >= SECRET_LENGTH)
      // A short one is hidden where it is quoted, as an echo of the body has it.
      .concat(bodySecrets.map((secret) => JSON.stringify(secret)))
      // As the bytes of the body have it.
      .map((secret) => Buffer.from(secret).toString('latin1'))
      .sort((a, b) => b.length - a.length)
  );
}

function mask(text: string, secrets: string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
