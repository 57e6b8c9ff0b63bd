import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { PosthornError } from '../core/errors.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = KEY_ID_BYTES + IV_BYTES + TAG_BYTES;

/**
 * A sealed value that none of our keys opens: a key is missing from the setting, or the bytes were moved or altered.
 */
export class SealBroken extends PosthornError {
  readonly kind = 'unavailable';
  constructor(message: string) {
    super('secret_unreadable', message);
  }
}

/**
 * Keeps secrets unreadable at rest: AES-256-GCM, laid out as key id, IV, tag, ciphertext. The newest key of
 * `POSTHORN_ENCRYPTION_KEYS` seals, each of the keys opens. `reseal.service.ts` makes old keys superfluous.
 */
@Injectable()
export class Sealer {
  private readonly keys = new Map<string, Buffer>();
  private readonly newest: { id: Buffer; key: Buffer };

  constructor(settings: Settings) {
    const parsed = settings.encryptionKeys.map(readKey);
    for (const key of parsed) this.keys.set(keyId(key).toString('hex'), key);
    const [key] = parsed;
    if (!key) throw new Error('POSTHORN_ENCRYPTION_KEYS is empty: set at least one 32-byte key in base64.');
    this.newest = { id: keyId(key), key };
  }

  /**
   * Seals `plain` for one place, which `context` names (`subscriptions:<id>:secret`). The place is authenticated:
   * a value that is moved to another row or column does not open.
   */
  seal(context: string, plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.newest.key, iv).setAAD(Buffer.from(context));
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([this.newest.id, iv, cipher.getAuthTag(), text]);
  }

  /** Whether the newest key sealed it. */
  isCurrent(sealed: Buffer): boolean {
    return sealed.subarray(0, KEY_ID_BYTES).equals(this.newest.id);
  }

  /** Throws `SealBroken` when no key opens the value in this context. */
  open(context: string, sealed: Buffer): Buffer {
    const key = this.keys.get(sealed.subarray(0, KEY_ID_BYTES).toString('hex'));
    if (!key) {
      throw new SealBroken(
        `${context} was sealed with a key that this server does not have. Add it at the end of ` +
          'POSTHORN_ENCRYPTION_KEYS.',
      );
    }
    try {
      const iv = sealed.subarray(KEY_ID_BYTES, KEY_ID_BYTES + IV_BYTES);
      const tag = sealed.subarray(KEY_ID_BYTES + IV_BYTES, HEAD_BYTES);
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
    } catch {
      throw new SealBroken(`${context} does not open: it was altered, or sealed for another place.`);
    }
  }
}

function readKey(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES) {
    throw new Error(`Each of POSTHORN_ENCRYPTION_KEYS must be 32 bytes in base64; one has ${key.length}.`);
  }
  return key;
}

/** Names a key without telling anything about it. */
function keyId(key: Buffer): Buffer {
  return createHash('sha256').update('posthorn key id').update(key).digest().subarray(0, KEY_ID_BYTES);
}
