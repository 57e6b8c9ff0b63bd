import { Intervals } from './intervals.js';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const LINE_FEED = 0x0a;
/** Runs without escapes up to this length are copied faster byte by byte. */
const SHORT_RUN = 24;

/** By byte: what it means behind a backslash. Control characters are all the same: no secret has one. */
const SHORT_ESCAPES = Uint8Array.from({ length: 256 }, (_none, byte) =>
  'bfnrt'.includes(String.fromCharCode(byte)) ? LINE_FEED : byte,
);
/** By byte: the digit it is, or -1. */
const DIGITS = Int8Array.from({ length: 256 }, (_none, byte) => {
  const digit = parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

/** An escape's length, shifted by 16, and the code unit it means. */
type Escape = number;
/** The text ends inside of the escape, so that it says nothing yet. */
const CUT: Escape = -1;

/** What a text says to a reader who takes it for the inside of a JSON string, as UTF-8. */
export function unescapeJson(text: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length;) {
    const end = nextEscape(text, at);
    if (end - at > SHORT_RUN) length += text.copy(plain, length, at, end);
    else for (let index = at; index < end; index += 1) plain[length++] = text[index] as number;
    const escape = end === text.length ? CUT : escapeAt(text, end);
    if (escape === CUT) break;
    length = writeUtf8(plain, length, escape & 0xffff);
    at = end + (escape >> 16);
  }
  return plain.subarray(0, length);
}

/** Parts of what `unescapeJson` made of a text, as parts of that text. */
export function mapToEscaped(parts: Intervals, text: Buffer): Intervals {
  const found = new Intervals();
  if (parts.count === 0) return found;
  // A run without escapes, from where to where in the text, and where it begins in the other.
  let at = 0;
  let end = nextEscape(text, 0);
  let plainAt = 0;
  // Called with places in their order, so that the text is walked through once.
  const placeOf = (place: number): number => {
    for (;;) {
      if (place < plainAt + end - at) return at + place - plainAt;
      const escape = end === text.length ? CUT : escapeAt(text, end);
      if (escape === CUT) return text.length;
      const next = plainAt + end - at + utf8Length(escape & 0xffff);
      if (place < next) return end;
      plainAt = next;
      at = end + (escape >> 16);
      end = nextEscape(text, at);
    }
  };
  for (let index = 0; index < parts.count; index += 1)
    found.add(placeOf(parts.start(index)), placeOf(parts.end(index)));
  return found;
}

function nextEscape(text: Buffer, from: number): number {
  // Where escapes stand close together, a look is cheaper than a call.
  const near = from + SHORT_RUN < text.length ? from + SHORT_RUN : text.length;
  for (let at = from; at < near; at += 1) if (text[at] === BACKSLASH) return at;
  const found = near === text.length ? -1 : text.indexOf(BACKSLASH, near);
  return found === -1 ? text.length : found;
}

function escapeAt(text: Buffer, at: number): Escape {
  const letter = text[at + 1];
  if (letter === undefined) return CUT;
  if (letter !== LETTER_U) return (2 << 16) | (SHORT_ESCAPES[letter] as number);
  let code = 0;
  for (let index = at + 2; index < at + 6; index += 1) {
    if (index >= text.length) return CUT;
    const digit = DIGITS[text[index] as number] as number;
    if (digit === -1) return (2 << 16) | LETTER_U;
    code = code * 16 + digit;
  }
  return (6 << 16) | code;
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

function writeUtf8(bytes: Buffer, at: number, code: number): number {
  const length = utf8Length(code);
  if (length === 1) bytes[at] = code;
  else {
    bytes[at] = length === 2 ? 0xc0 | (code >> 6) : 0xe0 | (code >> 12);
    if (length === 3) bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at + length - 1] = 0x80 | (code & 0x3f);
  }
  return at + length;
}
