/** Many values in one parameter: their bytes in a row, and (as arrays for the database) where each begins and how long it is. */
export type Packed = [bytes: Buffer, starts: string, lengths: string];

/**
 * Packs texts or bytes. Arrays travel as text, bytes in hex and every quote of a JSON text behind a backslash, which
 * both sides have to undo; one parameter of bytes travels as it is. Take them apart again with `unpackedText` or
 * `unpackedBytes`.
 */
export function pack(values: readonly (string | Buffer | null)[]): Packed {
  const lengths = values.map((value) =>
    value === null ? null : typeof value === 'string' ? Buffer.byteLength(value) : value.length,
  );
  const bytes = Buffer.allocUnsafe(lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0));
  const starts: number[] = [];
  let at = 0;
  for (const value of values) {
    starts.push(at + 1); // PostgreSQL counts from one.
    if (value === null) continue;
    at += typeof value === 'string' ? bytes.write(value, at) : value.copy(bytes, at);
  }
  return [bytes, plainArray(starts, (start) => start), plainArray(lengths, (length) => length)];
}

/** SQL for the bytes of one value; null for a null. */
export function unpackedBytes(bytes: string, start: string, length: string): string {
  return `substring(${bytes}::bytea FROM ${start} FOR ${length})`;
}

/** SQL for one text. */
export function unpackedText(bytes: string, start: string, length: string): string {
  return `convert_from(${unpackedBytes(bytes, start, length)}, 'UTF8')`;
}

type Plain = string | number | boolean | Date | null;

/**
 * An array parameter for `unnest`: one value of each item, none of which needs quotes: ids, numbers, times, booleans, words
 * of our own. pg looks at every element for something to escape, which took 6 % of a busy process.
 */
export function plainArray<T>(items: readonly T[], value: (item: T) => Plain): string {
  return arrayText(items, value, (plain) => (plain instanceof Date ? timeText(plain) : String(plain)));
}

let lastMs = NaN;
let lastText = '';

/** The times of a batch are mostly the same, one after the other, and printing one takes a microsecond. */
function timeText(time: Date): string {
  const ms = time.getTime();
  if (ms !== lastMs) [lastMs, lastText] = [ms, time.toISOString()];
  return lastText;
}

/** The same of any texts. */
export function textArray<T>(items: readonly T[], text: (item: T) => string | null): string {
  return arrayText(items, text, quoted);
}

/**
 * Nulls at the end are left out: `unnest` fills the shorter of its arrays up with them, and whole columns are null for
 * most batches.
 */
function arrayText<T, V>(
  items: readonly T[],
  pick: (item: T) => V | null,
  write: (value: V) => string,
): string {
  let text = '';
  let nulls = 0;
  for (const item of items) {
    const value = pick(item);
    if (value === null) {
      nulls += 1;
      continue;
    }
    for (; nulls > 0; nulls -= 1) text += ',NULL';
    text += `,${write(value)}`;
  }
  return `{${text.slice(1)}}`;
}

const SPECIAL = /["\\]/;

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
