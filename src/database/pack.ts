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
  return [bytes, plainArray(starts), plainArray(lengths)];
}

/** SQL for the bytes of one value; null for a null. */
export function unpackedBytes(bytes: string, start: string, length: string): string {
  return `substring(${bytes}::bytea FROM ${start} FOR ${length})`;
}

/** SQL for one text. */
export function unpackedText(bytes: string, start: string, length: string): string {
  return `convert_from(${unpackedBytes(bytes, start, length)}, 'UTF8')`;
}

/**
 * An array parameter for `unnest`, of values that need no quotes: ids, numbers, times, booleans, words of our own. pg looks at
 * every element for something to escape, which took 6 % of a busy process. Nulls at the end are left out: `unnest` fills
 * the shorter of its arrays up with them, and whole columns are null for most batches.
 */
export function plainArray(values: readonly (string | number | boolean | Date | null)[]): string {
  let length = values.length;
  while (length > 0 && (values[length - 1] ?? null) === null) length -= 1;
  let text = '{';
  for (let index = 0; index < length; index += 1) {
    const value = values[index] ?? null;
    if (index > 0) text += ',';
    text += value === null ? 'NULL' : value instanceof Date ? value.toISOString() : String(value);
  }
  return `${text}}`;
}

/** An array parameter for `unnest`, of any texts; of nulls only, nothing. */
export function textArray(values: (string | null)[]): (string | null)[] {
  return values.some((value) => value !== null) ? values : [];
}
