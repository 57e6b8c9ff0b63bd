import { ApiProperty, type OpenAPIObject } from '@nestjs/swagger';

/** A JSON Schema as it stands in the document. */
export type JsonSchema = Record<string, unknown>;

type Schemas = Record<string, JsonSchema>;

/** Text that can be stored: without NUL. Half of a surrogate pair cannot be written in UTF-8. */
export const STORABLE = '^[^\\u0000]*$';
/** The same with more than blanks. */
export const NOT_BLANK = '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$';
/** Names without control characters. */
export const PRINTABLE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

const REF = '#/components/schemas/';
/** Names that every JavaScript object inherits: stored objects cannot have them (`unstorable-values.ts`). */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** Says in the document what the types and class-validator do not: anything that JSON Schema has. */
export function Schema(schema: JsonSchema): PropertyDecorator {
  return ApiProperty(schema);
}

const rules = new Map<string, JsonSchema>();

/** The same for a whole class, such as fields that need each other. */
export function SchemaRule(rule: JsonSchema): ClassDecorator {
  return ({ name }) => void rules.set(name, rule);
}

/** What `SchemaRule` says of the class of this name. */
export function schemaRuleOf(name: string): JsonSchema | undefined {
  return rules.get(name);
}

/** An event's data: any JSON object without the keys that set a prototype. */
export const EVENT_DATA = {
  type: 'object',
  additionalProperties: { $ref: `${REF}JsonValue` },
  propertyNames: { pattern: '^(?!__proto__$)[^\\u0000]*$' },
  not: {
    type: 'object',
    required: ['constructor'],
    properties: { constructor: { type: 'object', required: ['prototype'] } },
  },
};

/** At the beginning of a pattern: of names of what is stored as an object. */
export const NOT_INHERITED = `(?!(?:${INHERITED.join('|')})$)`;
/** Names of what is stored as an object. */
export const STORABLE_NAME = `^${NOT_INHERITED}[^\\u0000]*$`;

/** An object that is stored as such. */
export const STORED = {
  type: 'object',
  additionalProperties: { $ref: `${REF}StorableValue` },
  propertyNames: { pattern: STORABLE_NAME },
};

/** Reads a schema that is used more than once from the document's components, where `name` is its place. */
export function component(name: string, schema: JsonSchema): { $ref: string } {
  COMPONENTS[name] = schema;
  return { $ref: REF + name };
}

/** Keywords without a type: each limits the values of its own type. */
const COMPONENTS: Schemas = {
  JsonValue: anyValue('Any JSON value of an event.', 'JsonValue', EVENT_DATA),
  StorableValue: anyValue('Any JSON value that can be stored.', 'StorableValue', STORED),
};

function anyValue(description: string, name: string, object: JsonSchema): JsonSchema {
  const { type: _none, ...keywords } = object;
  return { description, pattern: STORABLE, items: { $ref: REF + name }, ...keywords };
}

/**
 * Completes the schemas of what requests bring: unknown fields are refused, text can be stored, and objects of any
 * content have no forbidden keys. Those of answers stay open, so that a later version may add fields.
 */
export function completeInputs(schemas: Schemas, paths: OpenAPIObject['paths']): Schemas {
  const inputs = new Set<string>();
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(item) as { requestBody?: unknown }[])
      collect(operation.requestBody, schemas, inputs);
  }
  const completed = Object.entries(schemas).map(([name, schema]): [string, JsonSchema] => [
    name,
    inputs.has(name) ? { ...completeInput(schema), ...rules.get(name) } : schema,
  ]);
  return { ...Object.fromEntries(completed), ...COMPONENTS };
}

/** The names of the schemas that `value` leads to. */
function collect(value: unknown, schemas: Schemas, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const name = '$ref' in value ? String(value.$ref).slice(REF.length) : null;
  if (name !== null && schemas[name] && !found.has(name)) {
    found.add(name);
    collect(schemas[name], schemas, found);
  }
  for (const part of Object.values(value)) collect(part, schemas, found);
}

/** The schema of one value that comes in. */
export function completeInput(schema: JsonSchema): JsonSchema {
  const types = [schema.type].flat();
  const { properties, items } = schema as { properties?: Schemas; items?: JsonSchema };
  if (types.includes('string') && !('enum' in schema) && !('pattern' in schema))
    return { ...schema, pattern: STORABLE };
  if (('anyOf' in schema || 'allOf' in schema) && types.includes('object')) return withoutType(schema);
  if (items) return { ...schema, items: completeInput(items) };
  if (!types.includes('object')) return schema;
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) => [name, completeInput(field)]);
    return { ...schema, properties: Object.fromEntries(fields) as Schemas, additionalProperties: false };
  }
  const { additionalProperties = true } = schema;
  return additionalProperties === true
    ? { ...STORED, ...schema, additionalProperties: STORED.additionalProperties }
    : schema;
}

/** What may be of several schemas has the types that those say. */
function withoutType({ type: _type, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Where a client sees a time, as the standard's format: answers print all of them like this. */
export function formatTimes(schema: JsonSchema): JsonSchema {
  const { properties } = schema as { properties?: Schemas };
  if (!properties) return schema;
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    [field.type].flat().includes('string') &&
    /(?:At|Until)$|^(?:at|since)$/.test(name) &&
    !('pattern' in field)
      ? { ...field, format: 'date-time' }
      : field,
  ]);
  return { ...schema, properties: Object.fromEntries(fields) as Schemas };
}
