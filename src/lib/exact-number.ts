import { randomBytes } from 'node:crypto';
import { replaceInexactNumbers } from './json-numbers.js';

/** Marks an exact number in JSON text. It is random, so no text from outside contains it. */
const TAG = `\0number:${randomBytes(16).toString('hex')}:`;
const SPELLED_TAG = JSON.stringify(TAG).slice(1, -1);
const TAGGED = new RegExp(`"${SPELLED_TAG.replaceAll('\\', '\\\\')}([^"]*)"`, 'g');

/** Exponents with more digits than this count as infinite. */
const EXPONENT_DIGITS = 15;

const WHOLE = /^-?\d+$/;
const WHOLE_DIGITS = 20;

/** A number as 0.digits × 10^scale, without zeros at either end of the digits; zero has no digits. */
interface Decimal {
  sign: number;
  scale: number;
  digits: string;
}

/** A number in a JSON text that a double cannot hold: 9007199254740993, 0.10000000000000000001, 1e400. */
export class ExactNumber {
  /** The nearest double. */
  readonly asDouble: number;
  private known: Decimal | null = null;

  constructor(readonly text: string) {
    this.asDouble = Number(text);
  }

  get decimal(): Decimal {
    return (this.known ??= decimalOf(this.text));
  }

  toString(): string {
    return this.text;
  }

  /** For `stringifyExactly`. */
  toJSON(): string {
    return TAG + this.text;
  }
}

/**
 * `JSON.parse` with an `ExactNumber` for each number that a double cannot hold. The text must be JSON of limited
 * depth.
 */
export function parseExactly(text: string): unknown {
  const marked = mark(text);
  return marked === text ? JSON.parse(text) : untagged(JSON.parse(marked));
}

/** The same, when `data` is already the result of `JSON.parse`, which is usually the answer. */
export function exactData<T>(text: string, data: T): T {
  const marked = mark(text);
  return marked === text ? data : (untagged(JSON.parse(marked)) as T);
}

function mark(text: string): string {
  return replaceInexactNumbers(text, (token) => (isExactDouble(token) ? null : `"${SPELLED_TAG}${token}"`));
}

/** `JSON.stringify` that writes exact numbers as they were written. `indent`: spaces for each level. */
export function stringifyExactly(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.includes(SPELLED_TAG) ? text.replaceAll(TAGGED, '$1') : text;
}

/** `JSON.stringify` that writes a `bigint` as a number, with all its digits. Throws for what refers to itself. */
export function stringifyWithBigInts(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    const tagged = (_: string, member: unknown) =>
      typeof member === 'bigint' ? TAG + String(member) : member;
    return JSON.stringify(value, tagged).replaceAll(TAGGED, '$1');
  }
}

/** Below 0 when the first is smaller, 0 when they are equal, above 0 when it is larger. */
export function compareNumbers(a: number | ExactNumber, b: number | ExactNumber): number {
  const x = typeof a === 'number' ? a : a.asDouble;
  const y = typeof b === 'number' ? b : b.asDouble;
  // Rounding to doubles keeps the order.
  if (x !== y) return x < y ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  return compareDecimals(decimalIn(a), decimalIn(b));
}

/** Whether the double of a number's text is printed as that number. */
function isExactDouble(text: string): boolean {
  const near = Number(text);
  const printed = String(near);
  // A whole number of up to so many digits is printed with all its digits.
  if (text.length <= WHOLE_DIGITS && WHOLE.test(text)) return printed === text;
  return printed === text || (Number.isFinite(near) && isSame(decimalOf(text), decimalOf(printed)));
}

function untagged(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(TAG) ? new ExactNumber(value.slice(TAG.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const all = value as Record<string, unknown>;
  for (const key of Object.keys(all)) {
    const found = all[key];
    if (typeof found === 'string' || typeof found === 'object') all[key] = untagged(found);
  }
  return value;
}

function decimalIn(number: number | ExactNumber): Decimal {
  return typeof number === 'number' ? decimalOf(String(number)) : number.decimal;
}

/** In one pass: a number from outside may be 256 KiB long. */
function decimalOf(text: string): Decimal {
  const [, minus, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  let start = 0;
  while (start < all.length && all[start] === '0') start += 1;
  let end = all.length;
  while (end > start && all[end - 1] === '0') end -= 1;
  if (start === end) return { sign: 0, scale: 0, digits: '' };
  const scale = whole.length - start + exponentOf(exponent);
  return { sign: minus === '-' ? -1 : 1, scale, digits: all.slice(start, end) };
}

function exponentOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]?0*/, '');
  return sign * (digits.length > EXPONENT_DIGITS ? Infinity : Number(digits));
}

function isSame(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) === 0;
}

function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.scale !== b.scale) return a.scale < b.scale ? -a.sign : a.sign;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}
