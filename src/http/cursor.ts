import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { BadRequest } from '../core/errors.js';

const VERSION = 1;
const MAC_BYTES = 12;
/** The pattern of a cursor: the version, the seal and the id in base64url. */
export const CURSOR_FORM = '^A[Q-Za-f][A-Za-z0-9_-]{16,}$';

/**
 * Where a list continues: the last id the caller saw, sealed so that it cannot be edited or used for another list.
 * The key is derived from the keys that seal secrets, so all processes accept each other's cursors.
 */
@Injectable()
export class Cursors {
  private readonly keys: Buffer[];

  constructor(settings: Settings) {
    this.keys = settings.encryptionKeys.map((key) =>
      Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'posthorn/cursor', 32)),
    );
  }

  /** `context` names the list and its owner, such as `subscriptions:<space id>`. */
  encode(context: string, id: string): string {
    const [newest] = this.keys;
    if (!newest) throw new Error('Cursors need at least one encryption key.');
    return Buffer.concat([Buffer.of(VERSION), seal(newest, context, id), Buffer.from(id)]).toString(
      'base64url',
    );
  }

  /** The id inside. Throws `BadRequest` when the text is no cursor of this list. */
  decode(context: string, text: string): string {
    const bytes = Buffer.from(text, 'base64url');
    // Node ignores characters outside of base64url, so a cursor with such characters would decode like the real one.
    if (bytes.length > 1 + MAC_BYTES && bytes[0] === VERSION && bytes.toString('base64url') === text) {
      const mac = bytes.subarray(1, 1 + MAC_BYTES);
      const id = bytes.subarray(1 + MAC_BYTES).toString();
      if (this.keys.some((key) => timingSafeEqual(mac, seal(key, context, id)))) return id;
    }
    throw new BadRequest(
      'invalid_cursor',
      'This cursor does not belong to this list. Pass the nextCursor of its last page, or none to start again.',
    );
  }
}

function seal(key: Buffer, context: string, id: string): Buffer {
  // JSON keeps the two apart, whatever they contain.
  return createHmac('sha256', key)
    .update(JSON.stringify([VERSION, context, id]))
    .digest()
    .subarray(0, MAC_BYTES);
}
