import { canonicalJson } from '../lib/canonical-json.js';
import { isJsonObject } from '../lib/is-json-object.js';

/** A JSON Schema that is an object. */
export type SchemaObject = Record<string, unknown>;

/** Lower bounds grow stricter upwards (1), upper bounds downwards (-1). */
export const BOUNDS = [
  ['minimum', 1],
  ['exclusiveMinimum', 1],
  ['minLength', 1],
  ['minItems', 1],
  ['minProperties', 1],
  ['maximum', -1],
  ['exclusiveMaximum', -1],
  ['maxLength', -1],
  ['maxItems', -1],
  ['maxProperties', -1],
] as const;

/** Rules of which one is another, and whether data is compared with them. */
export const TEXT_RULES = [
  ['pattern', true],
  ['multipleOf', true],
  ['uniqueItems', true],
  ['format', false],
  ['contentEncoding', false],
  ['contentMediaType', false],
] as const;

/** Whether a change of these narrows or widens a schema, only a proof could tell. */
export const COMPLEX = [
  ...['not', 'if', 'then', 'else', 'contains', 'minContains', 'maxContains', 'patternProperties'],
  ...['propertyNames', 'dependentSchemas', 'dependentRequired', 'dependencies', 'unevaluatedItems'],
  ...['$dynamicRef', '$recursiveRef'],
] as const;

/** What says nothing about data. */
const NOTES = new Set([
  ...['title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$comment', '$id', '$schema', '$defs', 'definitions', '$anchor'],
]);

const TYPES = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'number'];

export function isSchemaObject(value: unknown): value is SchemaObject {
  return isJsonObject(value);
}

export function withoutNotes(schema: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !NOTES.has(name)));
}

export function hasSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || typeof a !== typeof b) return false;
  return canonicalJson(a).equals(canonicalJson(b));
}

export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function refOf(schema: unknown): string | null {
  return isSchemaObject(schema) && typeof schema.$ref === 'string' ? schema.$ref : null;
}

/** The types that data may have. An integer is a number without a fraction. */
export function typesOf({ type, ...schema }: SchemaObject): Set<string> {
  const values = type === undefined ? valuesOf(schema) : null;
  const named = type === undefined ? (values ? [...values].map(typeOfText) : TYPES) : [type].flat();
  const all = new Set(named.map(String));
  if (all.has('number')) all.add('integer');
  return all;
}

function typeOfText(text: string): string {
  const value = JSON.parse(text) as unknown;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** The values that are listed, as JSON texts; null: none are. */
export function valuesOf(schema: SchemaObject): Set<string> | null {
  const listed = listedIn(schema);
  return listed && new Set(listed.map(textOf));
}

export function listedIn(schema: SchemaObject): unknown[] | null {
  return 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? arrayOf(schema.enum) : null;
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? canonicalJson(value).toString()
    : JSON.stringify(value);
}

export function addedAndRemoved(before: Set<string>, after: Set<string>) {
  return {
    added: [...after].filter((value) => !before.has(value)),
    removed: [...before].filter((value) => !after.has(value)),
  };
}
