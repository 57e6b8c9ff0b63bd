/** A piece of JSON text and what it is. */
export interface JsonToken {
  kind: 'key' | 'string' | 'number' | 'word' | 'other';
  text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],])|\s+/g;
const INDENT = '  ';

/**
 * Lays JSON out over lines without reading its values: `1.0`, long numbers and repeated keys stay as they were written.
 * Null when it is not JSON.
 */
export function prettyJson(text: string): JsonToken[] | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens: JsonToken[] = [];
  let depth = 0;
  let opened = false;
  const other = (words: string) => tokens.push({ kind: 'other', text: words });
  const line = () => other(`\n${INDENT.repeat(depth)}`);
  for (const [, string, colon, number, word, sign] of text.matchAll(TOKEN)) {
    if (sign === '}' || sign === ']') {
      depth -= 1;
      if (!opened) line();
      opened = false;
      other(sign);
      continue;
    }
    const isValue =
      string !== undefined || number !== undefined || word !== undefined || sign === '{' || sign === '[';
    if (opened && isValue) line();
    if (isValue) opened = false;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: string });
      if (colon !== undefined) other(': ');
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign === ',') {
      other(',');
      line();
    } else if (sign !== undefined) {
      other(sign);
      depth += 1;
      opened = true;
    }
  }
  return tokens;
}
