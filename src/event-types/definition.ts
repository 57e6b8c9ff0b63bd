import type { StoredVersions } from '../core/type-versions.js';
import type { Validation } from '../core/space-catalogue.js';

/** What a person says about an event type of their own. What is left out takes its default. */
export interface EventTypeDefinition {
  family?: string;
  /** Another name of `family`. */
  group?: string;
  description?: string;
  schema?: object;
  example?: object;
  deprecated?: boolean;
  replacedBy?: string | null;
  validation?: Validation | null;
}

/** The same about one of the instance. */
export interface InstanceTypeDefinition extends EventTypeDefinition {
  feature?: string | null;
}

/** The columns that both kinds of event types share, from a definition. */
export function columnsOf({
  family,
  group,
  description = '',
  schema = {},
  example,
  deprecated,
  replacedBy = null,
  validation = null,
}: EventTypeDefinition) {
  return {
    family: family ?? group ?? 'Custom',
    description,
    schema,
    example: JSON.stringify(example ?? {}),
    // What has a successor is on its way out.
    deprecated: deprecated ?? replacedBy !== null,
    replacedBy,
    validation,
    versions: null as StoredVersions | null,
    examples: null as string | null,
  };
}

type Columns = ReturnType<typeof columnsOf>;

/** What people decided of a type, for the audit log and to tell whether a definition changes anything. */
export function factsOf(row: Columns & { feature?: string | null }) {
  const { family, description, schema, example, deprecated, replacedBy, validation, feature } = row;
  return {
    ...{ family, description, schema, example: JSON.parse(example) as object },
    ...(deprecated && { deprecated }),
    ...(replacedBy !== null && { replacedBy }),
    ...(validation !== null && { validation }),
    ...(typeof feature === 'string' && { feature }),
  };
}
