const MASK = '***';
/** A shorter value, such as a version or a region, is no secret, and masking it would tear texts apart. */
const SECRET_LENGTH = 8;
/** An endpoint that refuses `Bearer <token>` names the token alone. */
const WITH_SCHEME = /^\S+ +(\S+)$/;

/** What nobody may read of a request with these extra headers and these secrets in its body; the longest first. */
export function secretsToMask(
  headers: Readonly<Record<string, string>>,
  bodySecrets: readonly string[],
): string[] {
  return (
    Object.values(headers)
      .flatMap((value) => [value, WITH_SCHEME.exec(value)?.[1] ?? ''])
      .concat(bodySecrets)
      .filter((value) => value.length >= SECRET_LENGTH)
      // A short one is hidden where it is quoted, as the body has it.
      .concat(bodySecrets.map((secret) => JSON.stringify(secret)))
      // As the bytes of the body have it.
      .map((secret) => Buffer.from(secret).toString('latin1'))
      .sort((a, b) => b.length - a.length)
  );
}

/** A header's value, with `***` for every secret of `secretsToMask`. */
export function maskText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, maskOf(secret)), text);
}

/** A quoted one stays quoted, so that JSON stays JSON. */
function maskOf(secret: string): string {
  return /^".*"$/s.test(secret) ? `"${MASK}"` : MASK;
}

/** The same for a body, of which every other byte stays. */
export function maskBytes(bytes: Buffer, secrets: readonly string[]): Buffer {
  const hasOne = secrets.some((secret) => bytes.includes(secret, 0, 'latin1'));
  return hasOne ? Buffer.from(maskText(bytes.toString('latin1'), secrets), 'latin1') : bytes;
}
