import type { MappingStep } from '../core/mapping.js';
import type { StoredVersion, StoredVersions } from '../core/type-versions.js';
import type { Validation } from '../core/space-catalogue.js';

/** Examples of data by name. */
export type NamedExamples = Record<string, object>;

/** What a person says about a later version of an event type. What is left out takes its default. */
export interface VersionDefinition {
  description?: string;
  schema?: object;
  example?: object;
  examples?: NamedExamples;
  draft?: boolean;
  downgrade?: MappingStep[] | null;
}

/** What a person says about an event type of their own. What is left out takes its default. */
export interface EventTypeDefinition {
  family?: string;
  /** Another name of `family`. */
  group?: string;
  description?: string;
  schema?: object;
  example?: object;
  examples?: NamedExamples;
  deprecated?: boolean;
  replacedBy?: string | null;
  validation?: Validation | null;
  /** Later versions, by number; what is beside them is version 1. */
  versions?: Record<string, VersionDefinition>;
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
  examples,
  deprecated,
  replacedBy = null,
  validation = null,
  versions = {},
}: EventTypeDefinition) {
  const later = Object.entries(versions).map(([n, version]): [string, StoredVersion] => [
    n,
    storedOf(version),
  ]);
  return {
    family: family ?? group ?? 'Custom',
    description,
    schema,
    example: JSON.stringify(example ?? firstOf(examples) ?? {}),
    // What has a successor is on its way out.
    deprecated: deprecated ?? replacedBy !== null,
    replacedBy,
    validation,
    versions: later.length > 0 ? Object.fromEntries<StoredVersion>(later) : null,
    examples: textOf(examples),
  };
}

function storedOf({ description, schema = {}, example, examples, draft, downgrade }: VersionDefinition) {
  const named = textOf(examples);
  return {
    ...(description !== undefined && { description }),
    schema,
    example: JSON.stringify(example ?? firstOf(examples) ?? {}),
    ...(named !== null && { examples: named }),
    draft: draft ?? false,
    downgrade: downgrade ?? null,
  };
}

function firstOf(examples: NamedExamples = {}): object | undefined {
  return Object.values(examples)[0];
}

function textOf(examples: NamedExamples = {}): string | null {
  return Object.keys(examples).length > 0 ? JSON.stringify(examples) : null;
}

/** A later version as the API shows it. */
export interface ShownVersion {
  description: string;
  schema: object;
  example: object;
  examples?: NamedExamples;
  draft: boolean;
  downgrade: MappingStep[] | null;
}

/** Later versions as the API shows them. */
export function shownVersions(versions: StoredVersions): Record<string, ShownVersion> {
  const shown = Object.entries(versions).map(([n, version]) => {
    const { description = '', schema, example, examples, draft, downgrade } = version;
    const named = examples === undefined ? {} : { examples: JSON.parse(examples) as NamedExamples };
    return [
      n,
      { description, schema, example: JSON.parse(example) as object, ...named, draft, downgrade },
    ] as const;
  });
  return Object.fromEntries(shown);
}

type Columns = ReturnType<typeof columnsOf>;

/** What people decided of a type, for the audit log and to tell whether a definition changes anything. */
export function definitionFacts(row: Columns & { feature?: string | null }) {
  const { family, description, schema, example, deprecated, replacedBy, validation, feature } = row;
  const { versions, examples } = row;
  return {
    ...{ family, description, schema, example: JSON.parse(example) as object },
    ...(examples !== null && { examples: JSON.parse(examples) as object }),
    ...(deprecated && { deprecated }),
    ...(replacedBy !== null && { replacedBy }),
    ...(validation !== null && { validation }),
    ...(typeof feature === 'string' && { feature }),
    ...(versions !== null && { versions: shownVersions(versions) }),
  };
}
