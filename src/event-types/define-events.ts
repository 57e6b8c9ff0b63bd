import type { InstanceTypeDefinition } from './definition.js';

declare const data: unique symbol;

/** What a library's schema tells of itself (https://standardschema.dev): Zod 4.2, Valibot, ArkType and others. */
interface StandardJsonSchema {
  readonly '~standard': {
    readonly types?: { readonly output: unknown } | undefined;
    readonly jsonSchema: { input: (options: { target: 'draft-2020-12' }) => Record<string, unknown> };
  };
}

/** A definition in code. `schema`: a JSON Schema, a TypeBox type, or one with the Standard JSON Schema interface. */
interface EventDefinition extends Omit<InstanceTypeDefinition, 'schema'> {
  schema?: object;
}

/** The type of the data of a definition. A plain JSON Schema says nothing to the compiler. */
type DataOf<D> = D extends { schema: { '~standard': { types?: { output: infer Output } | undefined } } }
  ? Output
  : D extends { schema: { static: infer Output } }
    ? Output
    : D extends { example: infer Example }
      ? Example
      : Record<string, unknown>;

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
  const types = Object.entries(definitions).map(([name, definition]) => {
    const { schema, ...rest } = definition;
    return [name, { ...rest, ...(schema && { schema: jsonSchemaOf(name, schema) }) }] as const;
  });
  return { types: Object.fromEntries(types) };
}

/** As JSON: what a library keeps beside its schema is none. */
function jsonSchemaOf(name: string, schema: object): object {
  const converted = isStandard(schema)
    ? schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
    : schema;
  if (typeof converted === 'function' || '~standard' in converted)
    throw new TypeError(
      `The schema of ${name} is neither a JSON Schema nor has the Standard JSON Schema interface (Zod 4.2 or later has it). Give a JSON Schema.`,
    );
  return JSON.parse(JSON.stringify(converted)) as object;
}

function isStandard(schema: object): schema is StandardJsonSchema {
  const standard = (schema as { '~standard'?: { jsonSchema?: unknown } })['~standard'];
  return standard?.jsonSchema !== undefined;
}
