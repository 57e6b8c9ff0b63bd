import { Intervals } from './intervals.js';
import { mapToEscaped, unescapeJson } from './json-escapes.js';
import { AhoCorasick } from './aho-corasick.js';

const MASK = '***';
/** A shorter value, such as a version or a region, is no secret, and masking it would make texts unreadable. */
const SECRET_LENGTH = 8;
/** An endpoint may repeat the token of `Bearer <token>` alone. */
const WITH_SCHEME = /^\S+ +(\S+)$/;
const BACKSLASH = 0x5c;
/** How often JSON may be nested in a string of JSON. */
const MAX_ESCAPE_DEPTH = 4;
/** The headers of one subscription have 8 KiB. With more secrets than this the whole text is hidden. */
const MAX_SECRETS = 128 * 1024;

/** The secrets of a request with these extra headers and these secrets in its body. */
export function secretsToMask(
  headers: Readonly<Record<string, string>>,
  bodySecrets: readonly string[],
): string[] {
  const values = Object.values(headers);
  // Most subscriptions have none.
  if (values.length + bodySecrets.length === 0) return [];
  return (
    values
      .flatMap((value) => [value, WITH_SCHEME.exec(value)?.[1] ?? ''])
      .concat(bodySecrets)
      .filter((value) => value.length >= SECRET_LENGTH)
      // A short secret is hidden only in quotes, as in the body.
      .concat(bodySecrets.map((secret) => JSON.stringify(secret)))
      // As UTF-8 bytes, like the body.
      .map((secret) => Buffer.from(secret).toString('latin1'))
  );
}

/**
 * Hides secrets in an answer, also where JSON escapes parts of them. One pass for all secrets, and one more for each
 * level of escapes.
 */
export class Mask {
  /** Hides everything, when there are too many secrets to look for. */
  static readonly ALL = new Mask(null);

  private constructor(private readonly search: AhoCorasick | null) {}

  /** For secrets of `secretsToMask`; null when there is nothing to hide. */
  static of(secrets: readonly string[]): Mask | null {
    if (secrets.length === 0) return null;
    const length = secrets.reduce((sum, secret) => sum + secret.length, 0);
    if (length > MAX_SECRETS) return Mask.ALL;
    const patterns = [...new Set(secrets)].map((text) => ({ text, isQuoted: /^"[^]*"$/.test(text) }));
    return new Mask(new AhoCorasick(patterns));
  }

  /** Approximate memory: 35 bytes for each unit. */
  get weight(): number {
    return this.search?.size ?? 1;
  }

  /** A header's value with `***` for every secret. With `isCut`, the text may end inside a secret. */
  text(text: string, isCut = false): string {
    const hidden = this.find(Buffer.from(text, 'latin1'), isCut);
    let masked = '';
    let done = 0;
    for (let index = 0; index < hidden.count; index += 1) {
      masked += text.slice(done, hidden.start(index)) + MASK;
      done = hidden.end(index);
    }
    return masked + text.slice(done);
  }

  /** The same for a body. All other bytes stay as they are. */
  bytes(bytes: Buffer, isCut = false): Buffer {
    const hidden = this.find(bytes, isCut);
    if (hidden.count === 0) return bytes;
    const masked = Buffer.allocUnsafe(bytes.length + hidden.count * MASK.length);
    let length = 0;
    let done = 0;
    for (let index = 0; index < hidden.count; index += 1) {
      length += bytes.copy(masked, length, done, hidden.start(index));
      length += masked.write(MASK, length, 'latin1');
      done = hidden.end(index);
    }
    length += bytes.copy(masked, length, done);
    // Copied, since the unused rest would stay in memory with it.
    return Buffer.from(masked.subarray(0, length));
  }

  /** In the text as it is, and then without JSON's escapes, level by level. */
  private find(bytes: Buffer, isCut: boolean): Intervals {
    if (this.search === null) {
      const all = new Intervals();
      all.add(0, bytes.length);
      return all;
    }
    const readings = [bytes];
    for (
      let last = bytes;
      last.includes(BACKSLASH) && readings.length < MAX_ESCAPE_DEPTH;
      readings.push(last)
    )
      last = unescapeJson(last);
    // From the innermost level, so that each is read once.
    let hidden = new Intervals();
    for (const reading of readings.reverse())
      hidden = mapToEscaped(hidden, reading).union(this.search.find(reading, isCut));
    return hidden;
  }
}
