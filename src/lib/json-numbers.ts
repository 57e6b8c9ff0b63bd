import { closingQuote, QUOTE } from './json-scanner.js';

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
/** A double keeps every number of no more digits than this, unless it is very large or very small. */
const SAFE_DIGITS = 15;
/** A number of so many characters, its exponent not counted, and an exponent of so many digits is neither. */
const SAFE_LENGTH = 40;
const SAFE_EXPONENT_DIGITS = 2;

/**
 * A JSON text with other text for numbers that a double may not keep: `mark` gives it, or null to leave the number.
 * Anything that is surely kept is passed over without a look at its value, so that a text of many numbers costs
 * little more than its length.
 */
export function replaceInexactNumbers(text: string, mark: (token: string) => string | null): string {
  const pieces: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length;) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = closingQuote(text, at) + 1 || text.length;
    else if (char === MINUS || isDigit(char)) {
      const end = endOfNumber(text, at);
      const other = end < 0 ? mark(text.slice(at, -end)) : null;
      const stop = end < 0 ? -end : end;
      if (other !== null) {
        pieces.push(text.slice(done, at), other);
        done = stop;
      }
      at = stop;
    } else at += 1;
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(done);
}

/** Where the number ends that begins here; that place below zero when a double may not keep it. */
function endOfNumber(text: string, start: number): number {
  let at = start;
  let digits = 0;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isDigit(char)) {
      // Zeros before the first other digit do not count.
      if (char !== ZERO || digits > 0) digits += 1;
    } else if (char !== POINT && char !== MINUS) break;
  }
  let isSafe = digits <= SAFE_DIGITS && at - start <= SAFE_LENGTH;
  const letter = text.charCodeAt(at) | 0x20;
  if (letter === 0x65) {
    at += 1;
    if (text.charCodeAt(at) === PLUS || text.charCodeAt(at) === MINUS) at += 1;
    const from = at;
    while (isDigit(text.charCodeAt(at))) at += 1;
    isSafe &&= at - from <= SAFE_EXPONENT_DIGITS;
  }
  return isSafe || digits === 0 ? at : -at;
}

function isDigit(char: number): boolean {
  return char >= ZERO && char <= NINE;
}
