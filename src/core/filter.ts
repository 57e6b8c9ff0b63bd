import type { Issue } from './errors.js';
import { compareNumbers, ExactNumber } from '../lib/exact-number.js';
import { parsePath } from './filter-path.js';
import { isJsonObject } from '../lib/is-json-object.js';

type AnyNumber = number | ExactNumber;
type Scalar = string | AnyNumber | boolean | null;

/** Operators by the result of a comparison with the limit. */
const COMPARISONS = {
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
};
type Comparison = keyof typeof COMPARISONS;

/** Whether the value at a path fits. `undefined` means that the path does not exist. */
type Test = (value: unknown) => boolean;

/** All tests hold for the value at a path. */
interface PathCondition {
  path: string;
  segments: string[];
  tests: Test[];
}

/** One of several filters holds. */
interface AnyCondition {
  path: typeof OR;
  any: Filter[];
}

type Condition = PathCondition | AnyCondition;

/** Compiled conditions on an event's data. All must hold; without any, every event passes. */
export type Filter = readonly Condition[];

/** Conditions in all, those of alternatives included: matching is linear in them. */
const MAX_CONDITIONS = 32;
/** Its value is a list of filters. With any other value it is a path, as before. */
const OR = '$or';
const MAX_DEPTH = 4;
const MAX_AFFIX = 256;
const MAX_PATH = 256;
const MAX_VALUES = 100;
/** Digits of a number as it is written: PostgreSQL has at most 16,383 after the point. */
const MAX_NUMBER = 1_000;
const SMALLEST = new ExactNumber('1e-400');
const OPERATORS = 'in, not, prefix, suffix, gt, gte, lt, lte, exists';
const NO_OPERATOR =
  `There is no such operator. Use one of ${OPERATORS}. For equality, give the value itself: ` +
  '{"status": "won"}. For a nested field, give its path: {"lead.country": "FR"}.';

/** The first path whose condition fails, or null when all hold. `ExactNumber`s are compared exactly. */
export function matchFilter(filter: Filter, data: unknown): string | null {
  for (const condition of filter) {
    if ('any' in condition) {
      if (condition.any.every((one) => matchFilter(one, data) !== null)) return condition.path;
      continue;
    }
    const value = valueAt(data, condition.segments);
    if (!condition.tests.every((test) => test(value))) return condition.path;
  }
  return null;
}

/**
 * Compiles a stored filter, which was checked when it was stored; older ones may have any path. Null is the empty
 * filter. Throws when it is not one.
 */
export function compileFilter(json: unknown): Filter {
  const parsed = readFilter(json, (path) => parsePath(path) ?? path.split('.'));
  if ('filter' in parsed) return parsed.filter;
  throw new Error(`Not a filter: ${parsed.issues.map((issue) => issue.message).join(' ')}`);
}

/**
 * Reads a `filter` from outside, as `parseExactly` returns it: the compiled form, or everything that is wrong with
 * it.
 */
export function parseFilter(input: unknown): { filter: Filter } | { issues: Issue[] } {
  return readFilter(input, parsePath);
}

type KeysOf = (path: string) => string[] | null;

function readFilter(input: unknown, keysOf: KeysOf): { filter: Filter } | { issues: Issue[] } {
  if (input === null || input === undefined) return { filter: [] };
  const reading = { keysOf, issues: [], left: MAX_CONDITIONS };
  const filter = readConditions(input, 'filter', 0, reading);
  return reading.issues.length > 0 ? { issues: reading.issues } : { filter };
}

interface Reading {
  keysOf: KeysOf;
  issues: Issue[];
  /** Conditions that there may still be. */
  left: number;
}

function readConditions(input: unknown, place: string, depth: number, reading: Reading): Filter {
  const { issues } = reading;
  if (!isObject(input)) {
    issues.push(issue(place, 'Use an object of paths and conditions, like {"lead.country": "FR"}.'));
    return [];
  }
  const entries = Object.entries(input);
  reading.left -= entries.length;
  if (reading.left < 0) {
    issues.push(issue('filter', `Use at most ${MAX_CONDITIONS} conditions.`));
    return [];
  }
  return entries.map(([path, condition]): Condition => {
    const at = `${place}[${JSON.stringify(path.slice(0, MAX_PATH))}]`;
    if (path === OR && Array.isArray(condition))
      return { path, any: readAlternatives(condition, at, depth + 1, reading) };
    return readPathCondition(path, condition, at, reading);
  });
}

function readAlternatives(filters: unknown[], place: string, depth: number, reading: Reading): Filter[] {
  if (depth > MAX_DEPTH) {
    reading.issues.push(issue(place, `Put ${OR} at most ${MAX_DEPTH} levels deep.`));
    return [];
  }
  if (filters.length === 0) reading.issues.push(issue(place, 'Use a list of one or more filters.'));
  const any: Filter[] = [];
  for (const [index, one] of filters.entries()) {
    if (reading.left < 0) break;
    const at = `${place}[${index}]`;
    if (isObject(one) && Object.keys(one).length === 0)
      reading.issues.push(issue(at, 'An empty filter matches every event. Add a condition, or remove it.'));
    else any.push(readConditions(one, at, depth, reading));
  }
  return any;
}

function readPathCondition(
  path: string,
  condition: unknown,
  place: string,
  { keysOf, issues }: Reading,
): Condition {
  const keys = keysOf(path);
  if (path.length > MAX_PATH) issues.push(issue(place, `Use a path of at most ${MAX_PATH} characters.`));
  if (keys === null) issues.push(issue(place, 'Write a key that contains dots as ["a.b"].'));
  else if (!path.includes('["') && keys.includes(''))
    issues.push(issue(place, 'Use names with single dots between them.'));
  return { path, segments: keys ?? [], tests: parseCondition(condition, place, issues) };
}

/** Own properties only, so no path reaches a prototype. An array has its indexes, but no `length`. */
function valueAt(data: unknown, segments: string[]): unknown {
  let value = data;
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    if (value instanceof ExactNumber) return undefined;
    if (Array.isArray(value) && segment === 'length') return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function parseCondition(condition: unknown, place: string, issues: Issue[]): Test[] {
  if (isScalar(condition)) return [equalsAny([condition])];
  if (isAnyNumber(condition)) {
    issues.push(issue(place, NO_NUMBER));
    return [];
  }
  if (!isObject(condition) || Object.keys(condition).length === 0) {
    issues.push(issue(place, `Use a string, number, boolean or null, or an object with ${OPERATORS}.`));
    return [];
  }
  return Object.entries(condition).map(([operator, operand]) =>
    parseOperator(operator, operand, `${place}.${operator.slice(0, 40)}`, issues),
  );
}

function parseOperator(operator: string, operand: unknown, place: string, issues: Issue[]): Test {
  if (operator === 'in') return equalsAny(parseValues(operand, place, issues));
  if (operator === 'not') return parseNot(operand, place, issues);
  if (isAffix(operator)) return parseAffix(operator, operand, place, issues);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') issues.push(issue(place, 'Use true or false.'));
    return (value) => (value !== undefined) === operand;
  }
  if (isComparison(operator)) {
    if (!isNumber(operand)) {
      issues.push(issue(place, isAnyNumber(operand) ? NO_NUMBER : 'Use a number, without quotes.'));
      return () => false;
    }
    const holds = COMPARISONS[operator];
    return (value) => isAnyNumber(value) && holds(compareNumbers(value, operand));
  }
  issues.push(issue(place, NO_OPERATOR));
  return () => false;
}

/** Also true where the path does not exist. */
function parseNot(operand: unknown, place: string, issues: Issue[]): Test {
  let excluded: Scalar[] = [];
  if (isScalar(operand)) excluded = [operand];
  else if (isObject(operand) && Object.keys(operand).join() === 'in') {
    excluded = parseValues(operand.in, `${place}.in`, issues);
  } else if (isObject(operand) && Object.keys(operand).length === 1 && isAffix(Object.keys(operand)[0])) {
    const [[operator, affix]] = Object.entries(operand) as [[Affix, unknown]];
    const fits = parseAffix(operator, affix, `${place}.${operator}`, issues);
    return (value) => !fits(value);
  } else
    issues.push(
      issue(
        place,
        'Use a string, number, boolean or null, or {"in": [...]}, {"prefix": "…"} or {"suffix": "…"}.',
      ),
    );
  const isExcluded = equalsAny(excluded);
  return (value) => !isExcluded(value);
}

type Affix = 'prefix' | 'suffix';

function isAffix(operator: string | undefined): operator is Affix {
  return operator === 'prefix' || operator === 'suffix';
}

/** Strings that begin, or end, with a text; nothing else does. */
function parseAffix(operator: Affix, operand: unknown, place: string, issues: Issue[]): Test {
  if (typeof operand !== 'string' || operand === '' || operand.length > MAX_AFFIX) {
    issues.push(issue(place, `Use a string of 1 to ${MAX_AFFIX} characters.`));
    return () => false;
  }
  return operator === 'prefix'
    ? (value) => typeof value === 'string' && value.startsWith(operand)
    : (value) => typeof value === 'string' && value.endsWith(operand);
}

function parseValues(operand: unknown, place: string, issues: Issue[]): Scalar[] {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > MAX_VALUES) {
    issues.push(issue(place, `Use a list of 1 to ${MAX_VALUES} values.`));
    return [];
  }
  const values: Scalar[] = [];
  operand.forEach((value: unknown, index) => {
    if (isScalar(value)) values.push(value);
    else issues.push(issue(`${place}[${index}]`, 'Use a string, number, boolean or null.'));
  });
  return values;
}

function equalsAny(values: Scalar[]): Test {
  // An exact number never equals a double, so each kind is looked up separately.
  const plain = new Set<unknown>(values.filter((value) => !(value instanceof ExactNumber)));
  const exact = values.filter((value) => value instanceof ExactNumber);
  if (exact.length === 0) return (value) => plain.has(value);
  return (value) =>
    value instanceof ExactNumber ? exact.some((one) => compareNumbers(one, value) === 0) : plain.has(value);
}

const NO_NUMBER = `Use a number below 1.8e308, of at most ${MAX_NUMBER} digits and none smaller than 1e-400.`;

/** Refuses a number beyond the range of a double, which the database cannot store. */
function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}

function isNumber(value: unknown): value is AnyNumber {
  if (!(value instanceof ExactNumber)) return Number.isFinite(value);
  const { text, asDouble: near } = value;
  if (text.length > MAX_NUMBER || !Number.isFinite(near)) return false;
  return compareNumbers(new ExactNumber(text.replace(/^-/, '')), SMALLEST) >= 0;
}

function isAnyNumber(value: unknown): value is AnyNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && !(value instanceof ExactNumber);
}

function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(COMPARISONS, operator);
}

function issue(path: string, message: string): Issue {
  return { path, code: 'invalid_filter', message };
}
