import { MappingFailed, mapAtOnce, type MappingStep } from './mapping.js';
import { PARSED_FORM } from './document-forms.js';

/** The highest number that a version of an event type may have when it is published. */
export const MAX_VERSION = 1_000;
/** Versions of one type, the first included. */
export const MAX_VERSIONS = 20;

/** What of a version decides how events are published and converted. */
export interface VersionRule {
  /** Events that are published without a version never get that of a draft. */
  draft: boolean;
  /** Makes its data data of the version before; null: that is not possible. */
  downgrade: MappingStep[] | null;
}

/** A later version of an event type, as it is stored under its number. The type itself is version 1. */
export interface StoredVersion extends VersionRule {
  description?: string;
  schema: object;
  /** JSON text: jsonb would sort its keys. */
  example: string;
  /** The same: an object of examples by name; absent: none. */
  examples?: string;
}

/** By number: `2` and later. */
export type StoredVersions = Record<string, StoredVersion>;

type Rules = Readonly<Record<string, Pick<VersionRule, 'draft' | 'downgrade'>>>;

/** The numbers of all versions, in order. */
export function numbersOf(versions: Readonly<Record<string, unknown>>): number[] {
  return [
    1,
    ...Object.keys(versions)
      .map(Number)
      .toSorted((a, b) => a - b),
  ];
}

/** The version of what is published without one: the newest that is no draft. */
export function currentVersion(versions: Readonly<Record<string, { draft: boolean }>>): number {
  return numbersOf(versions).findLast((n) => n === 1 || versions[n]?.draft === false) ?? 1;
}

/** The steps that make data of version `from` data of the older version `to`, or the version that has none. */
export function stepsDown(versions: Rules, from: number, to: number): MappingStep[] | { missing: number } {
  const steps: MappingStep[] = [];
  for (const n of numbersOf(versions).toReversed()) {
    if (n > from || n <= to) continue;
    const downgrade = versions[n]?.downgrade;
    if (!downgrade) return { missing: n };
    steps.push(...downgrade);
  }
  return versions[from] ? steps : { missing: from };
}

/** Parsed data of version `from` as data of the older version `to`; null: that is not possible. */
export function convertedDown(
  versions: Rules,
  data: unknown,
  from: number,
  to: number,
): { data: unknown } | null {
  const steps = stepsDown(versions, from, to);
  if (!Array.isArray(steps)) return null;
  try {
    return { data: mapAtOnce(data, steps, PARSED_FORM) };
  } catch (error) {
    if (error instanceof MappingFailed) return null;
    throw error;
  }
}

/** What to say of a version that a type does not have. */
export function unknownVersionMessage(type: string, version: number, numbers: number[]): string {
  if (numbers.length === 1) return `${type} has version 1 only.`;
  const nearest = numbers.reduce(
    (best, n) => (Math.abs(n - version) < Math.abs(best - version) ? n : best),
    1,
  );
  const last = numbers.at(-1);
  return (
    `${type} has no version ${version}: it has ${numbers.slice(0, -1).join(', ')} and ${last}. Did ` +
    `you mean ${nearest}?`
  );
}
