import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { CURSOR_FORM, Cursors } from './cursor.js';
import { Schema } from './input-schemas.js';
import { OptionalNotNull } from './optional-not-null.js';

/** Parameters of a list, newest first, by pages. Lists with filters extend it. */
export class ListQuery {
  /** How many entries a page holds at most. */
  @ApiPropertyOptional({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(250)
  limit: number = 50;

  /** The `nextCursor` of the page before; none for the first page. */
  @Schema({ pattern: CURSOR_FORM })
  @OptionalNotNull()
  @IsString()
  cursor?: string;

  /** `desc`: newest first. */
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'desc';
}

/** One page of a list. */
export interface Page<T> {
  data: T[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

/**
 * Makes the page from `rows`, of which the caller fetched `query.limit + 1`, ordered by id: the extra one only shows
 * that there are more. `context` is the one that the query's cursor was decoded with, and `placeOf` gives what the
 * cursor after a row holds.
 */
export function page<T extends { id: string }, R>(
  rows: T[],
  query: { limit: number },
  cursors: Cursors,
  context: string,
  toWire: (row: T) => R,
  placeOf: (row: T) => string = ({ id }) => id,
): Page<R> {
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { data: shown.map(toWire), nextCursor: more ? cursors.encode(context, placeOf(last)) : null };
}
