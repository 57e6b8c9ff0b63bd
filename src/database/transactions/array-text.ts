/** How each type's value in binary reads as text, by PostgreSQL's number of the type (`rows.ts` writes these). */
const READERS: Record<number, (from: Buffer) => string> = {
  16: (from) => (from[0] === 0 ? 'f' : 't'),
  17: (from) => `\\x${from.toString('hex')}`,
  20: (from) => String(from.readBigInt64BE()),
  23: (from) => String(from.readInt32BE()),
  25: (from) => from.toString('utf8'),
  700: (from) => String(from.readFloatBE()),
  1184: (from) => new Date(Number(from.readBigInt64BE() / 1_000n) + Date.UTC(2000, 0)).toISOString(),
  2950: (from) => from.toString('hex'),
};

const HEAD_BYTES = 20;

/** An array as PostgreSQL reads it in text, from one in binary as `rowsParameters` makes it. */
export function arrayText(binary: Buffer): string {
  if (binary.readInt32BE(0) === 0) return '{}';
  const read = READERS[binary.readInt32BE(8)];
  if (!read) throw new TypeError(`No text is known for arrays of type ${binary.readInt32BE(8)}.`);
  const elements: (string | null)[] = [];
  for (let at = HEAD_BYTES; at < binary.length;) {
    const length = binary.readInt32BE(at);
    at += 4;
    elements.push(length < 0 ? null : read(binary.subarray(at, at + length)));
    at += Math.max(0, length);
  }
  return listText(elements);
}

/** An array of texts as PostgreSQL reads it. */
export function listText(elements: readonly (string | null)[]): string {
  return `{${elements.map((one) => (one === null ? 'NULL' : quoted(one))).join(',')}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (special) => `\\${special}`)}"`;
}
