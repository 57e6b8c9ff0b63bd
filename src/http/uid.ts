import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { Invalid } from '../core/errors.js';
import { looksLikeId, NOT_AN_ID } from '../core/ids.js';
import { Schema } from './input-schemas.js';

const UID = /^[A-Za-z0-9_-]{1,64}$/;
/** Older uids that look like an id in capitals are still found: no id of ours has capitals. */
const ID = /^(?:spc|key|sub|evt|dlv|att|job|lnk|rcv|req|lgh)_[0-9a-f]{32}$/;

/** A caller's own name for an object. It may not look like an id of ours, or a path would be ambiguous. */
export function IsUid(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'matches',
    validator: {
      validate: (value) => typeof value === 'string' && UID.test(value) && !looksLikeId(value),
      defaultMessage: () =>
        'uid must be 1 to 64 letters, digits, "-" or "_", and must not look like an id of Posthorn, such ' +
        'as sub_ and 32 digits',
    },
  });
  return applyDecorators(Schema({ pattern: `^${NOT_AN_ID}[A-Za-z0-9_-]{1,64}$` }), validate);
}

/** Whether a path parameter can be a uid. If not, no look-up is needed. */
export function isUid(text: string): boolean {
  return UID.test(text) && !ID.test(text);
}

export const WRONG_UID =
  'Must be 1 to 64 letters, digits, "-" or "_", and must not look like an id of Posthorn, such as sub_ and 32 digits.';

/** For what gets a uid from a path: throws Invalid for one that no new object may have. */
export function checkNewUid(uid: string | null | undefined): void {
  if (uid === undefined || uid === null || (UID.test(uid) && !looksLikeId(uid))) return;
  throw new Invalid([{ path: 'uid', code: 'matches', message: WRONG_UID }]);
}
