import type { Static } from 'typebox';
import type { InstanceTypeDefinition, VersionDefinition } from './definition.js';
import { schemaOfClass } from './dto-schema.js';

declare const data: unique symbol;

/** What a library's schema tells of itself (https://standardschema.dev): Zod 4.2, Valibot, ArkType and others. */
interface StandardJsonSchema {
  readonly '~standard': {
    readonly jsonSchema: { input: (options: { target: 'draft-2020-12' }) => Record<string, unknown> };
  };
}

type Class = abstract new (...args: never[]) => object;

/**
 * A version in code. `schema`: a JSON Schema, a TypeBox type, a class with class-validator's decorators, or a schema
 * with the Standard JSON Schema interface.
 */
type CodeVersion = Omit<VersionDefinition, 'schema'> & { schema?: object };

/** A definition in code. */
interface EventDefinition extends Omit<InstanceTypeDefinition, 'schema' | 'versions'> {
  schema?: object;
  versions?: Record<string, CodeVersion>;
}

/** The type of the data of one version. A plain JSON Schema says nothing to the compiler. */
type DataOfVersion<D> = D extends { schema: abstract new (...args: never[]) => infer Instance }
  ? Instance
  : D extends { schema: { '~standard': { types?: { input: infer Input } | undefined } } }
    ? Input
    : D extends { schema: { '~standard': { types?: { output: infer Output } | undefined } } }
      ? Output
      : D extends { schema: infer Schema extends { '~kind': string } }
        ? Static<Schema>
        : D extends { schema: { static: infer Output } }
          ? Output
          : D extends { example: infer Example }
            ? Example
            : Record<string, unknown>;

/** The type of the data of a definition: that of any of its versions. */
type DataOf<D> = D extends { versions: infer Versions }
  ? DataOfVersion<D> | DataOfVersion<Versions[keyof Versions]>
  : DataOfVersion<D>;

/** Event types that code defines, with the type of each one's data. */
export interface EventDefinitions<Events> {
  types: Record<string, InstanceTypeDefinition>;
  /** Only for the compiler. */
  readonly [data]?: (events: Events) => void;
}

/** The events of definitions: `interface CustomEvents extends EventsOf<typeof events> {}`. */
export type EventsOf<D> = D extends EventDefinitions<infer Events> ? Events : never;

/**
 * Defines event types in code. Give the result to `InstanceTypesService.define` as the application starts.
 *
 * @example
 * export const events = defineEvents({
 *   'invoice.paid': { schema: z.object({ id: z.string() }), example: { id: 'inv_1' } },
 * });
 */
export function defineEvents<D extends Record<string, EventDefinition>>(
  definitions: D,
): EventDefinitions<{ [Name in keyof D]: DataOf<D[Name]> }> {
  const types = Object.entries(definitions).map(([name, { versions, ...definition }]) => {
    const later = Object.entries(versions ?? {}).map(
      ([n, version]) => [n, withJsonSchema(`${name}, version ${n},`, version)] as const,
    );
    const first: InstanceTypeDefinition = withJsonSchema(name, definition);
    return [name, later.length > 0 ? { ...first, versions: Object.fromEntries(later) } : first] as const;
  });
  return { types: Object.fromEntries(types) };
}

function withJsonSchema<T extends { schema?: object }>(name: string, definition: T): T {
  const { schema } = definition;
  return schema ? { ...definition, schema: jsonSchemaOf(name, schema) } : definition;
}

/** As JSON: what a library keeps beside its schema is none. */
function jsonSchemaOf(name: string, schema: object): object {
  const converted = convertedOf(name, schema);
  if (!converted || typeof converted === 'function' || '~standard' in converted || '_def' in converted)
    throw new TypeError(
      `The schema of ${name} is neither a JSON Schema, nor a class with class-validator's decorators, ` +
        'nor has it the Standard JSON Schema interface (Zod 4.2 or later has it). Give a JSON Schema.',
    );
  return JSON.parse(JSON.stringify(converted)) as object;
}

function convertedOf(name: string, schema: object): object | null {
  try {
    if (isStandard(schema))
      return withoutLookarounds(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })) as object;
  } catch (error) {
    // What has no form in JSON, such as a date.
    throw new TypeError(
      `The schema of ${name} cannot be written as a JSON Schema: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  return typeof schema === 'function' ? schemaOfClass(schema as Class) : schema;
}

/** What no pattern of RE2 can have. */
const LOOKAROUND = /\(\?<?[=!]/;

/**
 * Zod writes some formats as a pattern, too. Those that RE2 cannot run (`duration`, `hostname`) are left out, so that
 * the format remains as a description.
 */
function withoutLookarounds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutLookarounds);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { format, pattern } = schema as { format?: unknown; pattern?: unknown };
  const isUnfit = typeof format === 'string' && typeof pattern === 'string' && LOOKAROUND.test(pattern);
  const kept = Object.entries(schema).filter(([name]) => !(isUnfit && name === 'pattern'));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutLookarounds(value)]));
}

function isStandard(schema: object): schema is StandardJsonSchema {
  const standard = (schema as { '~standard'?: { jsonSchema?: unknown } })['~standard'];
  return standard?.jsonSchema !== undefined;
}
