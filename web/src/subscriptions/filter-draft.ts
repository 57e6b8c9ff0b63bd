import { keepNumbers, numberIn, readNumber, writeNumbers } from '../text/exact-numbers.js';

/** A filter as rows of a form, and back. */

export type Operator =
  | ('is' | 'in' | 'not' | 'notIn' | 'gt' | 'gte' | 'lt' | 'lte' | 'exists' | 'missing')
  | ('prefix' | 'suffix' | 'notPrefix' | 'notSuffix' | 'or');

export interface Condition {
  path: string;
  operator: Operator;
  /** As typed: JSON scalars mean themselves, anything else is a text. Lists have commas; alternatives are JSON. */
  value: string;
}

export const OPERATORS: { value: Operator; label: string }[] = [
  { value: 'is', label: 'is' },
  { value: 'not', label: 'is not' },
  { value: 'in', label: 'is one of' },
  { value: 'notIn', label: 'is none of' },
  { value: 'prefix', label: 'begins with' },
  { value: 'suffix', label: 'ends with' },
  { value: 'notPrefix', label: 'does not begin with' },
  { value: 'notSuffix', label: 'does not end with' },
  { value: 'gt', label: '>' },
  { value: 'gte', label: '≥' },
  { value: 'lt', label: '<' },
  { value: 'lte', label: '≤' },
  { value: 'exists', label: 'is there' },
  { value: 'missing', label: 'does not exist' },
];

/** Of a list of alternatives, whose row has no other choice. */
export const ANY_OF = { value: 'or', label: 'any of these filters (JSON)' } as const;

export function labelOf(operator: Operator): string {
  return [...OPERATORS, ANY_OF].find(({ value }) => value === operator)?.label ?? operator;
}

export function needsValue(operator: Operator): boolean {
  return operator !== 'exists' && operator !== 'missing';
}

export function conditionsOf(filter: Record<string, unknown> | null): Condition[] {
  return Object.entries(filter ?? {}).flatMap(([path, test]) => conditionsAt(path, test));
}

function conditionsAt(path: string, test: unknown): Condition[] {
  if (typeof test !== 'object' || test === null) return [{ path, operator: 'is', value: spell(test) }];
  if (Array.isArray(test)) return [{ path, operator: 'or', value: writeNumbers(test) }];
  return Object.entries(test).map(([operator, operand]): Condition => {
    if (operator === 'exists') return { path, operator: operand ? 'exists' : 'missing', value: '' };
    if (operator === 'in') return { path, operator: 'in', value: spellAll(operand) };
    if (operator === 'not' && isObject(operand)) return { path, ...negated(operand) };
    return { path, operator: operator as Operator, value: spell(operand) };
  });
}

function negated({ in: values, prefix, suffix }: Record<string, unknown>): Omit<Condition, 'path'> {
  if (prefix !== undefined) return { operator: 'notPrefix', value: spell(prefix) };
  if (suffix !== undefined) return { operator: 'notSuffix', value: spell(suffix) };
  return { operator: 'notIn', value: spellAll(values) };
}

/** The filter the API takes; null when there are no conditions. Several tests of one path come together. */
export function filterOf(conditions: Condition[]): Record<string, unknown> | null {
  const filter: Record<string, Record<string, unknown>> = {};
  const plain: Record<string, unknown> = {};
  for (const { path, operator, value } of conditions) {
    if (path.trim() === '') continue;
    const at = path.trim();
    if (operator === 'or') plain[at] = alternatives(value);
    else if (operator === 'is') plain[at] = read(value);
    else Object.assign((filter[at] ??= {}), testOf(operator, value));
  }
  // `is` is short for a list of one, which other tests can stand beside.
  for (const [path, value] of Object.entries(plain)) if (filter[path]) filter[path].in ??= [value];
  const all = { ...plain, ...filter };
  return Object.keys(all).length === 0 ? null : all;
}

/** What no filter can be made of, or would lose a row; null: nothing. */
export function conditionProblem(conditions: Condition[]): string | null {
  const seen = new Set<string>();
  for (const { path, operator, value } of conditions) {
    const at = path.trim();
    if (at === '' && value.trim() !== '') return 'Write the path of each condition, or remove it.';
    if (operator === 'or' && !Array.isArray(alternatives(value)))
      return `The filters at “${at}” are not a list in JSON.`;
    const test = `${Object.keys(testOf(operator, value)).join()} ${at}`;
    if (at !== '' && seen.has(test))
      return (
        `Two conditions on “${at}” cannot be kept beside each other. ` +
        'Write several values in one, with “is one of” or “is none of”.'
      );
    seen.add(test);
  }
  return null;
}

function testOf(operator: Operator, value: string): Record<string, unknown> {
  switch (operator) {
    case 'exists':
    case 'missing':
      return { exists: operator === 'exists' };
    case 'is':
    case 'in':
      return { in: readAll(value) };
    case 'notIn':
      return { not: { in: readAll(value) } };
    case 'prefix':
    case 'suffix':
      return { [operator]: readText(value) };
    case 'notPrefix':
      return { not: { prefix: readText(value) } };
    case 'notSuffix':
      return { not: { suffix: readText(value) } };
    default:
      return { [operator]: read(value) };
  }
}

/** The list that a text is, with its numbers as they are written; undefined: it is no JSON. */
function alternatives(text: string): unknown {
  try {
    JSON.parse(text);
    return JSON.parse(keepNumbers(text));
  } catch {
    return undefined;
  }
}

/** As `read`, where nothing but a text can be meant. */
function readText(text: string): string {
  const value = text.trim();
  const quoted = value.startsWith('"') ? read(value) : value;
  return typeof quoted === 'string' ? quoted : value;
}

function read(text: string): unknown {
  const value = text.trim();
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return readNumber(value);
  if (/^(true|false|null|".*")$/.test(value)) {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }
  return value;
}

function readAll(text: string): unknown[] {
  return (text.match(/\s*(?:"(?:[^"\\]|\\.)*"|[^,]+)/g) ?? [])
    .filter((part) => part.trim() !== '')
    .map((part) => read(part));
}

/** A text that would be read as something else, or as two, is quoted. */
function spell(value: unknown): string {
  const number = numberIn(value);
  if (number !== null) return number;
  if (typeof value !== 'string') return JSON.stringify(value);
  return read(value) === value && !value.includes(',') && value === value.trim()
    ? value
    : JSON.stringify(value);
}

function spellAll(values: unknown): string {
  return Array.isArray(values) ? values.map((one) => spell(one) || '""').join(', ') : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
