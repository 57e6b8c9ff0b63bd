import { numberIn, readNumber } from '../text/exact-numbers.js';

/** A filter as rows of a form, and back. */

export type Operator = 'is' | 'in' | 'not' | 'notIn' | 'gt' | 'gte' | 'lt' | 'lte' | 'exists' | 'missing';

export interface Condition {
  path: string;
  operator: Operator;
  /** As typed: JSON scalars mean themselves, anything else is a text. Lists have commas. */
  value: string;
}

export const OPERATORS: { value: Operator; label: string }[] = [
  { value: 'is', label: 'is' },
  { value: 'not', label: 'is not' },
  { value: 'in', label: 'is one of' },
  { value: 'notIn', label: 'is none of' },
  { value: 'gt', label: '>' },
  { value: 'gte', label: '≥' },
  { value: 'lt', label: '<' },
  { value: 'lte', label: '≤' },
  { value: 'exists', label: 'is there' },
  { value: 'missing', label: 'does not exist' },
];

export function needsValue(operator: Operator): boolean {
  return operator !== 'exists' && operator !== 'missing';
}

export function conditionsOf(filter: Record<string, unknown> | null): Condition[] {
  return Object.entries(filter ?? {}).flatMap(([path, test]) => conditionsAt(path, test));
}

function conditionsAt(path: string, test: unknown): Condition[] {
  if (typeof test !== 'object' || test === null) return [{ path, operator: 'is', value: spell(test) }];
  return Object.entries(test).map(([operator, operand]): Condition => {
    if (operator === 'exists') return { path, operator: operand ? 'exists' : 'missing', value: '' };
    if (operator === 'in') return { path, operator: 'in', value: spellAll(operand) };
    if (operator === 'not' && isObject(operand))
      return { path, operator: 'notIn', value: spellAll(operand.in) };
    return { path, operator: operator as Operator, value: spell(operand) };
  });
}

/** The filter the API takes; null when there are no conditions. Several tests of one path come together. */
export function filterOf(conditions: Condition[]): Record<string, unknown> | null {
  const filter: Record<string, Record<string, unknown>> = {};
  const plain: Record<string, unknown> = {};
  for (const { path, operator, value } of conditions) {
    if (path.trim() === '') continue;
    const at = path.trim();
    if (operator === 'is') plain[at] = read(value);
    else Object.assign((filter[at] ??= {}), testOf(operator, value));
  }
  // `is` is short for a list of one, which other tests can stand beside.
  for (const [path, value] of Object.entries(plain)) if (filter[path]) filter[path].in ??= [value];
  const all = { ...plain, ...filter };
  return Object.keys(all).length === 0 ? null : all;
}

function testOf(operator: Operator, value: string): Record<string, unknown> {
  if (operator === 'exists' || operator === 'missing') return { exists: operator === 'exists' };
  if (operator === 'in') return { in: readAll(value) };
  if (operator === 'notIn') return { not: { in: readAll(value) } };
  return { [operator]: read(value) };
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
    .map((part) => read(part))
    .filter((value) => value !== '');
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
  return Array.isArray(values) ? values.map(spell).join(', ') : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
