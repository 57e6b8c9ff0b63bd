import type { Issue } from './errors.js';
import { compareNumbers, ExactNumber } from '../lib/exact-number.js';
import { parsePath } from './filter-path.js';

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

interface Condition {
  path: string;
  segments: string[];
  tests: Test[];
}

/** Compiled conditions on an event's data. All must hold; without any, every event passes. */
export type Filter = readonly Condition[];

const MAX_CONDITIONS = 32;
const MAX_PATH = 256;
const MAX_VALUES = 100;
/** Digits of a number as it is written: PostgreSQL has at most 16,383 after the point. */
const MAX_NUMBER = 1_000;
const SMALLEST = new ExactNumber('1e-400');
const OPERATORS = 'in, not, gt, gte, lt, lte, exists';

/** The first path whose condition fails, or null when all hold. `ExactNumber`s are compared exactly. */
export function matchFilter(filter: Filter, data: unknown): string | null {
  for (const { path, segments, tests } of filter) {
    const value = valueAt(data, segments);
    if (!tests.every((test) => test(value))) return path;
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

function readFilter(
  input: unknown,
  keysOf: (path: string) => string[] | null,
): { filter: Filter } | { issues: Issue[] } {
  if (input === null || input === undefined) return { filter: [] };
  if (!isObject(input)) {
    return {
      issues: [issue('filter', 'Use an object of paths and conditions, like {"lead.country": "FR"}.')],
    };
  }
  const entries = Object.entries(input);
  if (entries.length > MAX_CONDITIONS) {
    return { issues: [issue('filter', `Use at most ${MAX_CONDITIONS} conditions.`)] };
  }
  const issues: Issue[] = [];
  const filter = entries.map(([path, condition]): Condition => {
    const place = `filter[${JSON.stringify(path.slice(0, MAX_PATH))}]`;
    const keys = keysOf(path);
    if (path.length > MAX_PATH) issues.push(issue(place, `Use a path of at most ${MAX_PATH} characters.`));
    if (keys === null) issues.push(issue(place, 'Write a key that has dots as ["a.b"], in JSON.'));
    else if (!path.includes('["') && keys.includes(''))
      issues.push(issue(place, 'Use names with single dots between them.'));
    return { path, segments: keys ?? [], tests: parseCondition(condition, place, issues) };
  });
  return issues.length > 0 ? { issues } : { filter };
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
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') issues.push(issue(place, 'Use true or false.'));
    return (value) => (value !== undefined) === operand;
  }
  if (isComparison(operator)) {
    if (!isNumber(operand)) {
      issues.push(issue(place, NO_NUMBER));
      return () => false;
    }
    const holds = COMPARISONS[operator];
    return (value) => isAnyNumber(value) && holds(compareNumbers(value, operand));
  }
  issues.push(issue(place, `There is no such operator. Use one of ${OPERATORS}.`));
  return () => false;
}

/** Also true where the path does not exist. */
function parseNot(operand: unknown, place: string, issues: Issue[]): Test {
  let excluded: Scalar[] = [];
  if (isScalar(operand)) excluded = [operand];
  else if (isObject(operand) && Object.keys(operand).join() === 'in') {
    excluded = parseValues(operand.in, `${place}.in`, issues);
  } else issues.push(issue(place, 'Use a string, number, boolean or null, or {"in": [...]}.'));
  const isExcluded = equalsAny(excluded);
  return (value) => !isExcluded(value);
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
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(COMPARISONS, operator);
}

function issue(path: string, message: string): Issue {
  return { path, code: 'invalid_filter', message };
}
