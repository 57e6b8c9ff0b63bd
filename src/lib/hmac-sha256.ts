import { createHmac, hash } from 'node:crypto';

/** A block of SHA-256. A longer key is hashed first. */
const BLOCK = 64;
const DIGEST = 32;
/** A longer message is not copied. */
const SHORT = 16 * 1024;

/** What the two hashes of HMAC read: a padded key, and after it the message or the first hash. */
const INNER = Buffer.allocUnsafeSlow(BLOCK + SHORT);
const OUTER = Buffer.allocUnsafeSlow(BLOCK + DIGEST);

/**
 * HMAC-SHA256 (RFC 2104) of `prefix` and `body`, one after the other. For a short message it takes half the time of
 * `createHmac`, which makes an object in C++ for each signature (ADR 9).
 */
export function hmacSha256(key: Buffer, prefix: string, body: Buffer, encoding: 'base64' | 'hex'): string {
  // A unit of UTF-16 takes three bytes at the most.
  if (prefix.length * 3 + body.length > SHORT)
    return createHmac('sha256', key).update(prefix).update(body).digest(encoding);
  const short = key.length > BLOCK ? hash('sha256', key, 'buffer') : key;
  for (let at = 0; at < BLOCK; at += 1) {
    const byte = short[at] ?? 0;
    INNER[at] = byte ^ 0x36;
    OUTER[at] = byte ^ 0x5c;
  }
  const start = BLOCK + INNER.write(prefix, BLOCK);
  const end = start + body.copy(INNER, start);
  // As `binary`: a Buffer for each hash would be made in C++, too.
  OUTER.write(hash('sha256', INNER.subarray(0, end), 'binary'), BLOCK, 'latin1');
  return hash('sha256', OUTER, encoding);
}
