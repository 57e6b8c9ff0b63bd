import type { EventType } from './profile.js';

/** What an event is, by name. */
export type Definitions = Record<string, { description: string; example: object }>;

/** The events of a family whose fields are documented by their example alone: its shape is their schema. */
export function byExample(family: string, definitions: Definitions): EventType[] {
  return Object.entries(definitions).map(([name, { description, example }]) => ({
    name,
    family,
    description,
    schema: schemaOf(example),
    example,
  }));
}

/** Which fields there are and of what type. Null stands for what is not known, so such a field may be anything. */
function schemaOf(value: unknown): object {
  if (value === null) return {};
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: schemaOf(value[0]) }) };
  if (typeof value !== 'object') return { type: typeof value };
  const properties = Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, schemaOf(field)]),
  );
  return { type: 'object', properties };
}
