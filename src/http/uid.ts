import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';

/** Not of the form of an id of ours, or a path could mean two things. */
const UID = /^(?!(?:spc|key|sub|evt|dlv|att|job|lnk|rcv|req)_[0-9a-f]{32}$)[A-Za-z0-9_-]{1,64}$/;

/** A caller's own name for an object. */
export function IsUid(): PropertyDecorator {
  return applyDecorators(
    Matches(UID, {
      message: 'uid must be 1 to 64 letters, digits, "-" or "_", and must not look like an id of Posthorn',
    }),
  );
}

/** Whether a path part may be somebody's uid. What is none names nothing, and needs no look-up. */
export function isUid(text: string): boolean {
  return UID.test(text);
}
