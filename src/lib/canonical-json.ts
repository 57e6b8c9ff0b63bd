import { replaceInexactNumbers } from './json-numbers.js';

/**
 * The same JSON text for equal values, whatever the order of their keys. For comparing only: it is never stored or
 * sent. Recursive, so the caller limits the depth first.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  const keys = Object.keys(members);
  for (const key of keys.length > 1 ? keys.sort() : keys) {
    const member = members[key];
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
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
