import { applyDecorators } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Cursors } from './cursor.js';
import { Schema } from './input-schemas.js';
import { OptionalNotNull } from './optional-not-null.js';

/** Characters of a search. */
const MAX_LENGTH = 200;

/** Text that a list is searched for. Empty: everything. */
export function IsSearch(): PropertyDecorator {
  return applyDecorators(
    Schema({ maxLength: MAX_LENGTH }),
    OptionalNotNull(),
    IsString(),
    MaxLength(MAX_LENGTH),
  );
}

/** Where a list goes on that is ordered by a text, and by id where that is the same. */
export interface Place {
  /** Undefined in a list that is ordered by id alone. */
  text?: string;
  id: string;
}

/** The place in a cursor of this list; null without one. Throws `BadRequest` when it is none of this list. */
export function cursorPlaceOf(
  cursors: Cursors,
  context: string,
  cursor: string | undefined,
  isByText: boolean,
): Place | null {
  if (cursor === undefined) return null;
  const found = cursors.decode(context, cursor);
  if (!isByText) return { id: found };
  const [text, id] = JSON.parse(found) as [string, string];
  return { text, id };
}

/** What the cursor after a row holds. */
export function placeText({ text, id }: Place): string {
  return text === undefined ? id : JSON.stringify([text, id]);
}
