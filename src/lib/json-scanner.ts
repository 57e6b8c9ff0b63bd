export const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The raw text of each member's value in a JSON object, so that `1.0`, large integers and the order of keys survive.
 * `text` must be valid JSON: call it after `JSON.parse` succeeded. As there, the last one of a repeated key counts.
 * Throws when the text is no object.
 */
export function memberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>();
  walkMembers(text, enter(text, OPEN_BRACE, 'object'), (key, start, end) =>
    members.set(key, text.slice(start, end)),
  );
  return members;
}

/**
 * The same of one member of each element of a JSON array; undefined where the element has no such member, or is no
 * object. Throws when the text is no array.
 */
export function memberTextOfEach(text: string, wanted: string): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let at = enter(text, OPEN_BRACKET, 'array');
  while (text.charCodeAt(at) !== CLOSE_BRACKET) {
    let mine: string | undefined;
    const end =
      text.charCodeAt(at) === OPEN_BRACE
        ? walkMembers(text, skipBlanks(text, at + 1), (key, start, stop) => {
            if (key === wanted) mine = text.slice(start, stop);
          })
        : endOfValue(text, at);
    found.push(mine);
    at = nextItem(text, end);
  }
  return found;
}

/** Reports the members of an object whose first key starts at `first`; returns where the object ends. */
function walkMembers(
  text: string,
  first: number,
  onMember: (key: string, start: number, end: number) => void,
): number {
  let at = first;
  while (text.charCodeAt(at) !== CLOSE_BRACE) {
    const keyEnd = endOfString(text, at);
    const key = decodeKey(text.slice(at, keyEnd));
    // Skips the colon between the key and its value.
    const start = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    onMember(key, start, end);
    at = nextItem(text, end);
  }
  return at + 1;
}

/** What a JSON text contains, on all levels together. */
export interface JsonShape {
  /** How deep it is nested. */
  depth: number;
  keys: number;
  /** Keys of the largest object. */
  widest: number;
  /** Commas, objects and arrays: at least as many as there are values, unless it is one value. */
  parts: number;
}

const NO_LIMITS: JsonShape = { depth: 1_000, keys: Infinity, widest: Infinity, parts: Infinity };

/**
 * The shape of a JSON text: outside of strings, each colon is a key. Stops above the first of the limits, so a text
 * that is refused costs no more than one that is not. Accepts any text; for one that is not JSON the result means
 * nothing.
 */
export function jsonShapeOf(text: string, limits: JsonShape = NO_LIMITS): JsonShape {
  const shape: JsonShape = { depth: 0, keys: 0, widest: 0, parts: 0 };
  /** Keys of the open objects, by level. */
  const widths = new Int32Array(limits.depth + 2);
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = closingQuote(text, at);
      if (end === -1) break;
      at = end;
    } else if (char === COMMA) {
      shape.parts += 1;
      if (shape.parts > limits.parts) break;
    } else if (char === COLON) {
      shape.keys += 1;
      const width = (widths[open] = (widths[open] ?? 0) + 1);
      if (width > shape.widest) shape.widest = width;
      if (shape.keys > limits.keys || width > limits.widest) break;
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      open += 1;
      shape.parts += 1;
      if (open > shape.depth) shape.depth = open;
      if (open > limits.depth || shape.parts > limits.parts) break;
      widths[open] = 0;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) open = Math.max(0, open - 1);
  }
  return shape;
}

/** The paths of repeated keys, such as `[2].data.name`: the first `limit` of them, in one pass. */
export function duplicateKeys(text: string, limit: number): string[] {
  const found = new Set<string>();
  const open: { keys: Set<string> | null; path: string; index: number }[] = [];
  let path = '';
  for (let at = 0; at < text.length && found.size < limit; at += 1) {
    const char = text.charCodeAt(at);
    const inside = open.at(-1);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      if (inside?.keys && text.charCodeAt(skipBlanks(text, end)) === COLON) {
        const key = decodeKey(text.slice(at, end));
        path = inside.path === '' ? key : `${inside.path}.${key}`;
        if (inside.keys.has(key)) found.add(path);
        inside.keys.add(key);
      }
      at = end - 1;
    } else if (char === OPEN_BRACE) open.push({ keys: new Set(), path, index: 0 });
    else if (char === OPEN_BRACKET) {
      open.push({ keys: null, path, index: 0 });
      path = `${path}[0]`;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) open.pop();
    else if (char === COMMA && inside?.keys === null) path = `${inside.path}[${(inside.index += 1)}]`;
  }
  return [...found];
}

function enter(text: string, opening: number, kind: string): number {
  const at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== opening) throw new Error(`This JSON text is no ${kind}.`);
  return skipBlanks(text, at + 1);
}

/** Skips from the end of a value to the next item, or to the bracket that closes the list. */
function nextItem(text: string, end: number): number {
  const at = skipBlanks(text, end);
  return text.charCodeAt(at) === COMMA ? skipBlanks(text, at + 1) : at;
}

/** Between tokens, JSON allows no characters up to U+0020 but its white space. */
function skipBlanks(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(text, start);
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char <= 0x20 || char === COMMA || char === CLOSE_BRACE || char === CLOSE_BRACKET) break;
  }
  return at;
}

/** Counts brackets, not kinds of brackets: in valid JSON they pair up. */
function endOfContainer(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at) - 1;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) depth += 1;
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new Error('This JSON text ends too early.');
}

function endOfString(text: string, start: number): number {
  const quote = closingQuote(text, start);
  if (quote === -1) throw new Error('This JSON text ends too early.');
  return quote + 1;
}

/**
 * The end of the string that starts here; -1 when it has none. `indexOf` is fast, and each run of backslashes is read
 * once, so this stays linear.
 */
export function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

function decodeKey(raw: string): string {
  return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
}
