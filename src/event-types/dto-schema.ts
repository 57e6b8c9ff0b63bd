import 'reflect-metadata';
import { createRequire } from 'node:module';
import { getMetadataStorage } from 'class-validator';
import { DTO_RULES } from './dto-rules.js';

type Schema = Record<string, unknown>;
type Class = abstract new (...args: never[]) => object;

/** What class-validator knows of one decorator. */
interface Rule {
  type: string;
  name?: string | undefined;
  propertyName: string;
  constraints: unknown[] | undefined;
  each: boolean | undefined;
}

/** What class-transformer knows of `@Type`; another copy of it knows nothing. */
interface TypeStorage {
  findTypeMetadata(target: Class, property: string): { typeFunction(): unknown } | undefined;
}

const { defaultMetadataStorage: typeStorage } = createRequire(import.meta.url)(
  'class-transformer/cjs/storage.js',
) as { defaultMetadataStorage: TypeStorage };

/** The types that TypeScript writes beside a decorated property. */
const DESIGN_TYPES = new Map<unknown, Schema>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Array, { type: 'array' }],
  [Date, { type: 'string', format: 'date-time' }],
  [Object, {}],
]);

/** The JSON Schema of what a class with class-validator's decorators takes; null: it has none. */
export function schemaOfClass(type: Class): Schema | null {
  return rulesOf(type).length > 0 ? objectOf(type, []) : null;
}

/** `inside`: the classes that it is part of. A class inside of itself is any object there. */
function objectOf(type: Class, inside: Class[]): Schema {
  if (inside.includes(type)) return { type: 'object' };
  const byProperty = new Map<string, Rule[]>();
  for (const rule of rulesOf(type))
    byProperty.set(rule.propertyName, [...(byProperty.get(rule.propertyName) ?? []), rule]);
  const properties: [string, Schema][] = [];
  const required: string[] = [];
  for (const [name, rules] of byProperty) {
    const isOptional = rules.some(({ type: kind }) => kind === 'conditionalValidation');
    const isChecked = rules.some(({ type: kind }) => kind !== 'whitelistValidation');
    const schema = propertyOf(type, name, rules, [...inside, type]);
    properties.push([name, isOptional ? orNull(schema) : schema]);
    if (isChecked && !isOptional) required.push(name);
  }
  return { type: 'object', required, properties: Object.fromEntries(properties) };
}

function rulesOf(type: Class): Rule[] {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
}

function propertyOf(owner: Class, name: string, rules: Rule[], inside: Class[]): Schema {
  const design = Reflect.getMetadata('design:type', owner.prototype as object, name) as unknown;
  const own = schemaOf(rules.filter(({ each }) => !each));
  const nested = rules.some(({ type }) => type === 'nestedValidation') ? partOf(owner, name, design) : null;
  const isList = design === Array || own.type === 'array' || rules.some(({ each }) => each);
  const part = nested ? objectOf(nested, inside) : {};
  if (!isList) return { ...(nested ? part : DESIGN_TYPES.get(design)), ...own };
  const items = { ...part, ...schemaOf(rules.filter(({ each }) => each)) };
  return { type: 'array', ...own, ...(Object.keys(items).length > 0 && { items }) };
}

/** The class of a nested value: of `@Type`, or as TypeScript has it. */
function partOf(owner: Class, name: string, design: unknown): Class | null {
  const found = typeStorage.findTypeMetadata(owner, name)?.typeFunction() ?? design;
  return typeof found === 'function' && !DESIGN_TYPES.has(found) ? (found as Class) : null;
}

function schemaOf(rules: Rule[]): Schema {
  const all = rules.flatMap(({ name = '', constraints }) => DTO_RULES[name]?.(constraints ?? []) ?? []);
  return Object.assign({}, ...all) as Schema;
}

/** What `@IsOptional` takes besides. */
function orNull(schema: Schema): Schema {
  if (Object.keys(schema).length === 0) return schema;
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return { ...schema, enum: [...(values as unknown[]), null] };
  return typeof type === 'string' && !('const' in schema)
    ? { ...schema, type: [type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };
}
