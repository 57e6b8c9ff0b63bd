import { IsIn, IsString, Length } from 'class-validator';
import { OrNull } from '../http/or-null.js';
import { KEY_SCOPES, type KeyScope } from '../core/domain-types.js';
import { IsZonedTime } from '../http/time-range.dto.js';

export class CreateKey {
  /**
   * What it is for.
   * @example 'production publisher'
   */
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * `publish`: publish events, made-up ones too. `read`: see subscriptions without their secrets, event types, events,
   * deliveries, jobs and what test receivers got. `manage`: all of this, change it, and see secrets and portal links.
   * The space itself and its keys are for the admin key.
   */
  @IsIn(KEY_SCOPES)
  scope: KeyScope;

  /**
   * From when on it is refused; never when left out.
   * @example '2030-01-31T09:30:00.000Z'
   */
  @OrNull('for a key that never expires')
  @IsZonedTime()
  expiresAt?: string | null;
}

/** A key as it can be seen again: without the key. */
export class Key {
  /** @example 'key_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** What it is for. */
  name: string;
  /** What it may do. */
  scope: KeyScope;
  /** Its first twelve characters. */
  prefix: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** When it was last used, to the minute; null: never. */
  lastUsedAt: string | null;
  /** From when on it is refused; null: never. */
  expiresAt: string | null;
}

/** A new key. This answer is the only one that holds the key itself. */
export class CreatedKey extends Key {
  /** Send it as `Authorization: Bearer <key>`. It cannot be shown again. */
  key: string;
}

export class KeyList {
  data: Key[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
