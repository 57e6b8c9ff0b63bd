import { ValidateBy } from 'class-validator';
import { looksLikeId } from '../core/ids.js';

const UID = /^[A-Za-z0-9_-]{1,64}$/;
/** Names of before that look so are still found where no id can be meant: none of ours has a capital. */
const ID = /^(?:spc|key|sub|evt|dlv|att|job|lnk|rcv|req)_[0-9a-f]{32}$/;

/** A caller's own name for an object. Not of the form of an id of ours, or a path could mean two things. */
export function IsUid(): PropertyDecorator {
  return ValidateBy({
    name: 'matches',
    validator: {
      validate: (value) => typeof value === 'string' && UID.test(value) && !looksLikeId(value),
      defaultMessage: () =>
        'uid must be 1 to 64 letters, digits, "-" or "_", and must not look like an id of Posthorn, such as sub_ and 32 digits',
    },
  });
}

/** Whether a path part may be somebody's uid. What is none names nothing, and needs no look-up. */
export function isUid(text: string): boolean {
  return UID.test(text) && !ID.test(text);
}
