import type { Scanned } from '../database/scan-page.js';
import { uuidTime } from '../core/ids.js';
import type { Cursors } from './cursor.js';
import type { Page } from './list.dto.js';

/** A page of what a bounded look found: it goes on after its last row, or after the last row looked at. */
export function scannedPage<T extends { id: string }, R>(
  { rows, position }: Scanned<T>,
  query: { limit: number },
  cursors: Cursors,
  context: string,
  toWire: (row: T) => R,
): Page<R> & { searchedTo: string | null } {
  const shown = rows.slice(0, query.limit);
  const isFull = rows.length > query.limit;
  const end = isFull ? (shown.at(-1)?.id ?? null) : position;
  return {
    data: shown.map(toWire),
    nextCursor: end === null ? null : cursors.encode(context, end),
    searchedTo: end === null ? null : new Date(uuidTime(end)).toISOString(),
  };
}
