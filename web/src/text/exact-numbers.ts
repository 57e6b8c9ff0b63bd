/** Numbers of JSON texts that a double does not keep, such as 9007199254740993, as texts that say so. */

/** No text of the engine's begins so: it refuses the NUL character. */
const TAG = '\0number:';
const SPELLED = JSON.stringify(TAG).slice(1, -1);
/** Strings, which are passed over, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A JSON text with such texts for the numbers that `JSON.parse` would change. */
export function keepNumbers(json: string): string {
  return json.replaceAll(TOKEN, (token) =>
    token.startsWith('"') || isKept(token) ? token : `"${SPELLED}${token}"`,
  );
}

/** `JSON.stringify`, which writes them as numbers again. */
export function writeNumbers(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"\\u0000number:([^"]*)"/g, '$1');
}

/** A number as somebody wrote it: one that a double keeps, or a text of ours. */
export function readNumber(text: string): unknown {
  return isKept(text) ? Number(text) : TAG + text;
}

/** What such a text says; null for any other value. */
export function numberIn(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith(TAG) ? value.slice(TAG.length) : null;
}

/** Fifteen digits are always kept; more are where they are what the double is printed as. */
function isKept(number: string): boolean {
  const value = Number(number);
  if (String(value) === number) return true;
  const digits = number
    .replace(/[eE].*/, '')
    .replaceAll(/[-.]/g, '')
    .replace(/^0+/, '');
  if (digits === '') return true;
  return digits.length <= 15 && Number.isFinite(value) && Math.abs(value) >= 2 ** -1022;
}
