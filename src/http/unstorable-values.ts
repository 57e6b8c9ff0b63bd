import type { Issue } from '../core/errors.js';

const MAX_ISSUES = 20;
/** class-transformer needs seven seconds for a million entries. 64 KiB of example contain 32,768. */
const MAX_VALUES = 50_000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The values of a request that cannot be stored as they are: PostgreSQL has no NUL and no half of a surrogate pair,
 * its jsonb no infinity, and class-transformer drops keys that every object inherits, so that a filter on
 * `constructor` would let everything through. At most 20 issues. In `textFields` only strings matter.
 */
export function unstorableValues(value: unknown, textFields: ReadonlySet<string> = new Set()): Issue[] {
  const found = { issues: [], parts: 0, most: MAX_VALUES, isKeptAsText: false, textFields };
  collect(value, '', found);
  return found.parts > MAX_VALUES ? [TOO_MANY_VALUES] : found.issues;
}

/** For a value stored as text: only what other JSON parsers refuse. `path` is the value's own. */
export function unstorableStrings(value: unknown, path: string): Issue[] {
  const found = { issues: [], parts: 0, most: Infinity, isKeptAsText: true, textFields: new Set<string>() };
  collect(value, path, found);
  return found.issues;
}

interface Scan {
  issues: Issue[];
  parts: number;
  most: number;
  isKeptAsText: boolean;
  textFields: ReadonlySet<string>;
}

function collect(value: unknown, path: string, scan: Scan): void {
  const { issues, isKeptAsText } = scan;
  if (issues.length >= MAX_ISSUES || (scan.parts += 1) > scan.most) return;
  if (typeof value === 'string' && isUnstorableText(value)) issues.push(unstorableText(path));
  if (typeof value === 'number' && !Number.isFinite(value) && !isKeptAsText)
    issues.push(unstorableNumber(path));
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, scan);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const place = path === '' ? key : `${path}.${key}`;
    if (isUnstorableText(key)) issues.push(unstorableText(path === '' ? 'body' : path));
    else if (key in Object.prototype && !isKeptAsText) issues.push(forbiddenKey(place));
    else if (path !== '' || !scan.textFields.has(key)) collect(item, place, scan);
    else {
      scan.isKeptAsText = true;
      collect(item, place, scan);
      scan.isKeptAsText = false;
    }
  }
}

const TOO_MANY_VALUES: Issue = {
  path: 'body',
  code: 'too_many_values',
  message: `Send at most ${MAX_VALUES} values, all levels together.`,
};

function isUnstorableText(text: string): boolean {
  return text.includes('\0') || LONE_SURROGATE.test(text);
}

function unstorableText(path: string): Issue {
  const message = 'Must not contain the NUL character or half of a surrogate pair. Remove them.';
  return { path, code: 'unstorable_text', message };
}

function unstorableNumber(path: string): Issue {
  return { path, code: 'unstorable_number', message: 'Is too large. Use a number below 1.8e308.' };
}

function forbiddenKey(path: string): Issue {
  return { path, code: 'forbidden_key', message: 'Objects cannot have a key of this name. Rename it.' };
}
