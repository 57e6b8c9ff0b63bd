import type { ProfileName } from '../core/domain-types.js';
import type { CatalogueDefaults, SpaceCatalogue, Validation } from '../core/space-catalogue.js';
import type { EventType } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';
import { convertedDown, currentVersion } from '../core/type-versions.js';
import { shownVersions, type NamedExamples, type ShownVersion } from './definition.js';
import type { EventTypeEntity } from './event-type.entity.js';
import type { InstanceEventTypeEntity, TypeSource } from './instance-event-type.entity.js';
import { Visibility } from './visibility.js';

/** An event type as a space, or the instance, sees it. */
export interface CatalogueEntry extends EventType {
  /** Whether the space defined it itself. */
  custom: boolean;
  /** By whom it was defined for the whole instance; absent on events of a profile and on a space's own. */
  source?: TypeSource;
  /** Only spaces that have this feature see it. */
  feature?: string;
  deprecated: boolean;
  /** The name of the type to use instead. */
  replacedBy: string | null;
  /** What becomes of data that differs from the schema. */
  validation: Validation;
  /** Absent: none. */
  examples?: NamedExamples;
  /** The version of what is published without one, and later versions; absent: it has no versions. */
  version?: number;
  versions?: Record<string, ShownVersion>;
}

/** What is published of a type, for trying things out: the example of its current version. */
export function currentExample({ example, version, versions }: CatalogueEntry): {
  example: object;
  version?: number;
} {
  if (version === undefined) return { example };
  const later: Partial<Record<string, ShownVersion>> = versions ?? {};
  return { example: later[version]?.example ?? example, version };
}

/** The same as a subscription pinned to a version gets it: the example converted down, else that version's own. */
export function exampleSeen(
  entry: CatalogueEntry,
  pin: number | undefined,
): { example: object; version?: number } {
  const { example, version } = currentExample(entry);
  if (version === undefined || pin === undefined || pin >= version) return currentExample(entry);
  const later: Record<string, ShownVersion> = entry.versions ?? {};
  const seen = convertedDown(later, example, version, pin)?.data as object | undefined;
  return { example: seen ?? later[pin]?.example ?? entry.example, version: pin };
}

/** What of a catalogue to show, and by which rules. */
interface Parts {
  profile: ProfileName;
  /** Null: the instance's catalogue, of no space. */
  space: SpaceCatalogue | null;
  defaults: CatalogueDefaults;
  instance: InstanceEventTypeEntity[];
  own: EventTypeEntity[];
}

/** The profile's events in their order, then the instance's types and the space's own, each by name. */
export function composeCatalogue({ profile, space, defaults, instance, own }: Parts): CatalogueEntry[] {
  const visibility = new Visibility(profile, space, defaults);
  const mine = new Set(own.map(({ name }) => name));
  const shared = new Map(
    instance
      .filter((type) => visibility.hasInstanceType(type) && !mine.has(type.name))
      .map((type) => [type.name, instanceEntry(type, visibility.validation)]),
  );
  const builtIns = profileOf(profile).catalogue.flatMap((type) => {
    if (!visibility.hasBuiltIn(type.name) || mine.has(type.name)) return [];
    const replaced = shared.get(type.name);
    shared.delete(type.name);
    return replaced ?? builtInEntry(type, visibility);
  });
  return [...builtIns, ...shared.values(), ...own.map((row) => ownEntry(row, visibility.validation))];
}

export function builtInEntry(
  type: EventType,
  { takesInstanceTypes, validation }: Pick<Visibility, 'takesInstanceTypes' | 'validation'>,
): CatalogueEntry {
  const rule = takesInstanceTypes ? validation : 'off';
  return { ...type, custom: false, deprecated: false, replacedBy: null, validation: rule };
}

export function ownEntry(row: EventTypeEntity, otherwise: Validation): CatalogueEntry {
  const { name, family, description, schema, example, deprecated, replacedBy, validation } = row;
  const texts = { name, family, description, schema, example: JSON.parse(example) as object };
  const rest = { custom: true, deprecated, replacedBy, validation: validation ?? otherwise };
  return { ...texts, ...partsOf(row), ...rest };
}

export function instanceEntry(row: InstanceEventTypeEntity, otherwise: Validation): CatalogueEntry {
  const { name, family, description, schema, example, deprecated, replacedBy, validation } = row;
  const { source, feature } = row;
  return {
    ...{ name, family, description, schema, example: JSON.parse(example) as object },
    ...{ custom: false, source, ...(feature !== null && { feature }) },
    ...{ deprecated, replacedBy, validation: validation ?? otherwise },
    ...partsOf(row),
  };
}

/** What few types have. */
function partsOf({ examples, versions }: Pick<EventTypeEntity, 'examples' | 'versions'>) {
  return {
    ...(examples !== null && { examples: JSON.parse(examples) as NamedExamples }),
    ...(versions !== null && { version: currentVersion(versions), versions: shownVersions(versions) }),
  };
}
