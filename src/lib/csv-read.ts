/**
 * The records of an RFC 4180 text, by the names in its first one. Line ends inside quotes belong to the field; empty
 * lines are left out. Throws a `SyntaxError` for a quote that does not end.
 */
export function readCsv(text: string): Record<string, string>[] {
  const [names = [], ...records] = recordsOf(text.replace(/^\uFEFF/, ''));
  return records.map((record) =>
    Object.fromEntries(names.map((name, index) => [name.trim(), record[index] ?? ''])),
  );
}

/** A field with what follows it: quoted, or up to the next separator. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const at = FIELD.lastIndex;
    const match = FIELD.exec(text);
    if (!match) throw new SyntaxError(`A quote does not fit at character ${at + 1}.`);
    const [, quoted, plain = '', separator] = match;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    // A comma at the very end has an empty field behind it.
    if (separator === ',' && FIELD.lastIndex === text.length) record.push('');
    if (separator === ',' && FIELD.lastIndex < text.length) continue;
    if (record.some((field) => field !== '')) records.push(record);
    record = [];
  }
  return records;
}
