import { replaceInexactNumbers } from './json-numbers.js';

/**
 * The same JSON text for equal values, whatever the order of their keys, as UTF-8. For comparing only: it is never
 * stored or sent. Recursive, so the caller limits the depth first.
 */
export function canonicalJson(value: unknown): Buffer {
  const writer = new Writer();
  write(writer, value);
  return writer.written;
}

function write(to: Writer, value: unknown): void {
  if (typeof value === 'number') to.add(Number.isFinite(value) ? String(value) : 'null');
  else if (typeof value === 'string') writeText(to, value);
  else if (value === undefined) to.add('null');
  else if (typeof value !== 'object' || value === null) to.add(JSON.stringify(value));
  else if (Array.isArray(value)) writeArray(to, value);
  else writeObject(to, value as Record<string, unknown>);
}

function writeArray(to: Writer, items: unknown[]): void {
  to.add('[');
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) to.add(',');
    write(to, items[index]);
  }
  to.add(']');
}

function writeObject(to: Writer, members: Record<string, unknown>): void {
  const keys = Object.keys(members);
  let isFirst = true;
  to.add('{');
  for (const key of keys.length > 1 ? keys.sort() : keys) {
    const member = members[key];
    if (member === undefined) continue;
    if (!isFirst) to.add(',');
    isFirst = false;
    writeText(to, key);
    to.add(':');
    write(to, member);
  }
  to.add('}');
}

function writeText(to: Writer, text: string): void {
  if (text.length > SHORT_TEXT || !isPlain(text)) return to.add(JSON.stringify(text));
  to.add('"');
  to.add(text);
  to.add('"');
}

/** Texts up to this length are looked through here, which is cheaper than a call of `JSON.stringify`. */
const SHORT_TEXT = 32;

/** Whether JSON writes the text as it is: printable ASCII without a quote or a backslash. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char < 0x20 || char > 0x7e || char === 0x22 || char === 0x5c) return false;
  }
  return true;
}

/** Collects UTF-8 text. Strings made of many small ones take several times as long. */
class Writer {
  private bytes = Buffer.allocUnsafe(1_024);
  private length = 0;

  get written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  add(text: string): void {
    // UTF-8 has at most three bytes for a unit of UTF-16.
    this.makeRoom(text.length * 3);
    if (text.length > SHORT_TEXT) {
      this.length += this.bytes.write(text, this.length);
      return;
    }
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      if (char > 0x7e) {
        this.length += this.bytes.write(text.slice(at), this.length);
        return;
      }
      this.bytes[this.length] = char;
      this.length += 1;
    }
  }

  private makeRoom(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + bytes));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Two different decimals with at most so many digits never become the same double, within a double's range. */
const EXACT_DIGITS = 15;
const SMALLEST_NORMAL = 2 ** -1022;

/**
 * A JSON text's value in which different numbers stay different: a number that a double cannot hold becomes an object
 * with its text. For comparing only. `value` is the result of `JSON.parse`, and usually the answer.
 */
export function comparableJson(text: string, value: unknown): unknown {
  const marked = replaceInexactNumbers(text, (token) =>
    isKeptByDouble(token) ? null : `{"\\u0000number":"${token}"}`,
  );
  return marked === text ? value : JSON.parse(marked);
}

/** Must not change: stored fingerprints depend on it. */
function isKeptByDouble(number: string): boolean {
  const value = Number(number);
  if (String(value) === number) return true;
  const digits = /^-?[0.]*([\d.]*)/.exec(number)?.[1]?.replace('.', '').length ?? 0;
  if (digits === 0) return true;
  return digits <= EXACT_DIGITS && Number.isFinite(value) && Math.abs(value) >= SMALLEST_NORMAL;
}
