import { pathOf } from './filter-path.js';
import { isJsonObject } from '../../lib/is-json-object.js';

/** A subscription's `filter`. */
export type ImportedFilter = Record<string, unknown>;

/** One condition on the value at a path, or alternatives of which one holds. */
export type Node = { path: string[]; condition: Condition } | { any: Node[][] };
type Condition = Record<string, unknown>;

/** What becomes of a filter of another system. */
export interface FilterReading {
  /** All of them hold. */
  nodes: Node[];
  /** What cannot be written as a filter of Posthorn; without it, more events pass. */
  left: string[];
}

/** What a report says of a filter. */
export const FILTER_TAKEN = 'Its filter is imported. It compares single values: it does not look into lists.';

export function leftOut(left: string[]): string[] {
  if (left.length === 0) return [];
  return [
    `Parts of its filter are not possible here, so it gets more events: ${[...new Set(left)].join('; ')}.`,
  ];
}

/** How systems write filters: names of operators, and whether a key with dots is a path. */
export interface Dialect {
  operators: Readonly<Record<string, Operator>>;
  hasPaths: boolean;
}
type Operator = (operand: unknown) => Condition[] | null;

type Scalar = string | number | boolean | null;
const MAX_CONDITIONS = 32;
const MAX_DEPTH = 4;
const MAX_VALUES = 100;
const MAX_AFFIX = 256;
const MAX_PATH = 256;

/** Each gives alternatives of which one holds; null: it cannot be written. A value that is not there fits none. */
const EQUAL: Operator = (value) => (isScalar(value) ? [{ in: [value] }] : null);
const NOT_EQUAL: Operator = (value) => (isScalar(value) ? [{ not: value, exists: true }] : null);
const ONE_OF: Operator = (list) => (isValues(list) ? [{ in: list }] : null);
const NONE_OF: Operator = (list) => (isValues(list) ? [{ not: { in: list }, exists: true }] : null);
const EXISTS: Operator = (value) => (typeof value === 'boolean' ? [{ exists: value }] : null);
const compared =
  (name: string): Operator =>
  (value) =>
    typeof value === 'number' && isScalar(value) ? [{ [name]: value }] : null;
const affix =
  (name: string): Operator =>
  (value) => {
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    const areFit = texts.length > 0 && texts.every((text) => typeof text === 'string' && isAffix(text));
    return areFit ? texts.map((text) => ({ [name]: text })) : null;
  };

const SHARED = {
  ...{ $eq: EQUAL, $neq: NOT_EQUAL, $in: ONE_OF, $nin: NONE_OF, $exist: EXISTS },
  ...{ $gt: compared('gt'), $gte: compared('gte'), $lt: compared('lt'), $lte: compared('lte') },
};
export const OUTPOST_FILTERS: Dialect = {
  operators: { ...SHARED, $startsWith: affix('prefix'), $endsWith: affix('suffix') },
  hasPaths: false,
};
export const CONVOY_FILTERS: Dialect = { operators: { ...SHARED, $regex: literal }, hasPaths: true };

/** A pattern that only says how a text begins, ends or is. */
function literal(pattern: unknown): Condition[] | null {
  const [, start = '', text = '', end = ''] =
    (typeof pattern === 'string' && /^(\^?)([\w @:/-]+)(\$?)$/.exec(pattern)) || [];
  if (!isAffix(text) || (start === '' && end === '')) return null;
  if (start !== '' && end !== '') return [{ in: [text] }];
  return [start === '' ? { suffix: text } : { prefix: text }];
}

/** Reads a filter. What cannot be written is left out, and named in `left`: never does an event pass less. */
export function readFilter(schema: unknown, dialect: Dialect): FilterReading {
  const left: string[] = [];
  const nodes = readAt(schema, [], { dialect, left });
  return { nodes, left };
}

interface Reading {
  dialect: Dialect;
  left: string[];
}

function readAt(schema: unknown, path: string[], reading: Reading): Node[] {
  if (isScalar(schema)) return [{ path, condition: { in: [schema] } }];
  if (!isJsonObject(schema) || Object.keys(schema).length === 0)
    return leave(path, describe(schema), reading);
  return Object.entries(schema).flatMap(([key, value]): Node[] => {
    if (key === '$and' && Array.isArray(value)) return value.flatMap((one) => readAt(one, path, reading));
    if (key === '$or' && Array.isArray(value)) return readAny(value, path, reading);
    if (key === '$not') return readNot(value, path, reading);
    if (key.startsWith('$') || key.includes('.$')) return readOperator(key, value, path, reading);
    const keys = reading.dialect.hasPaths ? key.split('.') : [key];
    return readAt(value, [...path, ...keys], reading);
  });
}

function readAny(alternatives: unknown[], path: string[], reading: Reading): Node[] {
  const any = alternatives.map((one) => readAt(one, path, reading));
  // One that fits every event makes the others needless.
  return any.length === 0 || any.some((nodes) => nodes.length === 0) ? [] : [{ any }];
}

function readOperator(name: string, operand: unknown, path: string[], reading: Reading): Node[] {
  const { operators } = reading.dialect;
  const read = Object.hasOwn(operators, name) && path.length > 0 ? operators[name] : undefined;
  const conditions = read?.(operand) ?? null;
  const [first, ...more] = conditions ?? [];
  if (first === undefined) return leave(path, name, reading);
  if (more.length === 0) return [{ path, condition: first }];
  return [{ any: [first, ...more].map((condition) => [{ path, condition }]) }];
}

/** Only what Posthorn's `not` takes. */
function readNot(schema: unknown, path: string[], reading: Reading): Node[] {
  const unread: string[] = [];
  const [only, ...more] = readAt(schema, path, { ...reading, left: unread });
  const isOne = only !== undefined && more.length + unread.length === 0 && path.length > 0;
  const isHere = isOne && 'condition' in only && only.path.length === path.length;
  const entries = isHere ? Object.entries(only.condition) : [];
  const [[name, value] = ['', null]] = entries;
  if (entries.length !== 1) return leave(path, '$not', reading);
  if (name === 'exists') return [{ path, condition: { exists: !value } }];
  if (['in', 'prefix', 'suffix'].includes(name))
    return [{ path, condition: { not: { [name]: value }, exists: true } }];
  return leave(path, '$not', reading);
}

function leave(path: string[], what: string, { left }: Reading): Node[] {
  left.push(path.length > 0 ? `${what} of ${path.join('.')}` : what);
  return [];
}

/** The nodes that `isKept` lets through; an alternative without any fits all, and so do the others then. */
export function keepNodes(
  nodes: Node[],
  isKept: (path: string[], condition: Condition) => boolean,
  left: string[],
): Node[] {
  return nodes.flatMap((node): Node[] => {
    if ('condition' in node) {
      if (isKept(node.path, node.condition)) return [node];
      left.push(node.path.join('.'));
      return [];
    }
    const any = node.any.map((one) => keepNodes(one, isKept, left));
    return any.some((one) => one.length === 0) ? [] : [{ any }];
  });
}

/** The filter that these nodes come to. Null: none; what is too much for one goes to `left`. */
export function filterOf(nodes: Node[], left: string[]): ImportedFilter | null {
  const isFit = (path: string[]) => path.length > 0 && !path.includes('') && pathOf(path).length <= MAX_PATH;
  const kept = keepNodes(nodes, isFit, left);
  const filter = kept.reduce<ImportedFilter>((all, node) => both(all, oneOf(node)), {});
  if (Object.keys(filter).length === 0) return null;
  if (countOf(filter) <= MAX_CONDITIONS && depthOf(filter) <= MAX_DEPTH) return filter;
  left.push(
    `all of it, since a filter has at most ${MAX_CONDITIONS} conditions and ${MAX_DEPTH} levels of $or`,
  );
  return null;
}

function oneOf(node: Node): ImportedFilter {
  if ('condition' in node) return { [pathOf(node.path)]: shortOf(node.condition) };
  return {
    $or: node.any.map((nodes) => nodes.reduce<ImportedFilter>((all, one) => both(all, oneOf(one)), {})),
  };
}

/** Both filters hold. An object has one `$or`, so a second one stands in each alternative of the first. */
function both(one: ImportedFilter, other: ImportedFilter): ImportedFilter {
  const { $or: ofOne, ...merged } = one;
  const { $or: ofOther, ...rest } = other;
  const again: ImportedFilter = {};
  for (const [path, condition] of Object.entries(rest)) {
    const common = Object.hasOwn(merged, path) ? together(merged[path], condition) : condition;
    if (common === null) again[path] = condition;
    else merged[path] = common;
  }
  const lists = [ofOne, ofOther, Object.keys(again).length > 0 ? [again] : undefined].filter(
    (list): list is ImportedFilter[] => list !== undefined,
  );
  const any = lists.reduceRight<ImportedFilter[] | null>(
    (inner, list) => (inner === null ? list : list.map((alternative) => both(alternative, { $or: inner }))),
    null,
  );
  return any === null ? merged : { ...merged, $or: any };
}

function together(one: unknown, other: unknown): unknown {
  const [a, b] = [longOf(one), longOf(other)];
  return Object.keys(a).some((name) => Object.hasOwn(b, name)) ? null : { ...a, ...b };
}

function longOf(condition: unknown): Condition {
  return isJsonObject(condition) ? condition : { in: [condition] };
}

function shortOf(condition: Condition): unknown {
  const { in: list, ...rest } = condition;
  return Array.isArray(list) && list.length === 1 && Object.keys(rest).length === 0 ? list[0] : condition;
}

function countOf(filter: ImportedFilter): number {
  const { $or: any = [], ...rest } = filter as { $or?: ImportedFilter[] };
  const own = Object.keys(rest).length + (any.length > 0 ? 1 : 0);
  return any.reduce((count, one) => count + countOf(one), own);
}

function depthOf(filter: ImportedFilter): number {
  const { $or: any = [] } = filter as { $or?: ImportedFilter[] };
  return any.length === 0 ? 0 : 1 + Math.max(...any.map(depthOf));
}

function describe(schema: unknown): string {
  if (Array.isArray(schema)) return 'a list';
  return typeof schema === 'number' ? 'a number with too many digits' : 'an empty object';
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function isValues(list: unknown): list is Scalar[] {
  return Array.isArray(list) && list.length > 0 && list.length <= MAX_VALUES && list.every(isScalar);
}

function isAffix(text: string): boolean {
  return text !== '' && text.length <= MAX_AFFIX;
}
