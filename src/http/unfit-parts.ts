import type { Issue } from '../core/errors.js';

const MAX_ISSUES = 20;
/** A million takes class-transformer seven seconds, in which nobody else is served. 64 KiB of example hold 32,768. */
const MAX_PARTS = 50_000;
const HALF_PAIR = /\p{Surrogate}/u;

/**
 * The parts of a request that no field of any object can keep as they are: PostgreSQL has no NUL and no half of a
 * surrogate pair, its jsonb no infinity, and class-transformer drops keys that every object inherits, so that a filter
 * on `constructor` would become one that lets everything through. At most 20 of them.
 */
export function unfitParts(value: unknown): Issue[] {
  const found = { issues: [], parts: 0, most: MAX_PARTS, isKeptAsText: false };
  collect(value, '', found);
  return found.parts > MAX_PARTS ? [TOO_MANY] : found.issues;
}

/** Of a value that is kept as its text, only what other readers of JSON choke on. `path` is the value's own. */
export function unfitTexts(value: unknown, path: string): Issue[] {
  const found = { issues: [], parts: 0, most: Infinity, isKeptAsText: true };
  collect(value, path, found);
  return found.issues;
}

interface Found {
  issues: Issue[];
  parts: number;
  most: number;
  isKeptAsText: boolean;
}

function collect(value: unknown, path: string, found: Found): void {
  const { issues, isKeptAsText } = found;
  if (issues.length >= MAX_ISSUES || (found.parts += 1) > found.most) return;
  if (typeof value === 'string' && isUnfitText(value)) issues.push(unfitText(path));
  if (typeof value === 'number' && !Number.isFinite(value) && !isKeptAsText) issues.push(unfitNumber(path));
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, found);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const place = path === '' ? key : `${path}.${key}`;
    if (isUnfitText(key)) issues.push(unfitText(path === '' ? 'body' : path));
    else if (key in Object.prototype && !isKeptAsText) issues.push(unfitKey(place));
    else collect(item, place, found);
  }
}

const TOO_MANY: Issue = {
  path: 'body',
  code: 'too_many_values',
  message: `Send at most ${MAX_PARTS} values, all levels together.`,
};

function isUnfitText(text: string): boolean {
  return text.includes('\0') || HALF_PAIR.test(text);
}

function unfitText(path: string): Issue {
  const message = 'Must not contain the NUL character or half of a surrogate pair. Remove them.';
  return { path, code: 'unstorable_text', message };
}

function unfitNumber(path: string): Issue {
  return { path, code: 'unstorable_number', message: 'Is too large. Use a number below 1.8e308.' };
}

function unfitKey(path: string): Issue {
  return { path, code: 'forbidden_key', message: 'Objects cannot have a key of this name. Rename it.' };
}
