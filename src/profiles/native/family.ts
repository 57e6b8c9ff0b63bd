import type { Static, TSchema } from 'typebox';

/** One event of a family. Its example is type-checked against its own schema. */
export interface Definition<Schema extends TSchema> {
  description: string;
  schema: Schema;
  example: Static<Schema>;
}

/** Events that belong together, by name. The names and schemas stay visible to the type system: see `NativeEvents`. */
export function family<Schemas extends Record<string, TSchema>>(
  name: string,
  events: { [Name in keyof Schemas]: Definition<Schemas[Name]> },
) {
  return Object.fromEntries(
    Object.entries(events).map(([event, definition]) => [event, { ...definition, family: name }]),
  ) as { [Name in keyof Schemas]: Definition<Schemas[Name]> & { family: string } };
}
