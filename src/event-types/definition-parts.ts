import type { Issue } from '../core/errors.js';
import { mapAtOnce, MappingFailed } from '../core/mapping.js';
import { PARSED_FORM } from '../core/document-forms.js';
import { numbersOf } from '../core/type-versions.js';
import type { EventTypeDefinition, VersionDefinition } from './definition.js';

/** Data that has to fit a schema, and where a person wrote it. */
export interface Specimen {
  path: string;
  data: object;
  /** Of which later version it is, where its downgrade made it. */
  from?: number;
}

/** One version of a definition: its schema, and all that has to fit it. */
export interface VersionPart {
  /** Where the schema stands. */
  path: string;
  schema: object;
  specimens: Specimen[];
}

/** All versions of a definition, and what is wrong with downgrades of their examples. */
export function versionPartsOf(definition: EventTypeDefinition): { parts: VersionPart[]; issues: Issue[] } {
  const { versions = {} } = definition;
  const parts: VersionPart[] = [];
  const issues: Issue[] = [];
  for (const n of numbersOf(versions)) {
    const version: VersionDefinition = n === 1 ? definition : (versions[n] ?? {});
    const at = n === 1 ? '' : `versions.${n}.`;
    const specimens = specimensOf(version, at);
    const before = parts.at(-1);
    if (n > 1 && before && version.downgrade) {
      const converted = downgraded(specimens, version.downgrade, `${at}downgrade`, n);
      before.specimens.push(...converted.specimens);
      issues.push(...converted.issues);
    }
    parts.push({ path: `${at}schema`, schema: version.schema ?? {}, specimens });
  }
  return { parts, issues };
}

function specimensOf({ example, examples = {} }: VersionDefinition, at: string): Specimen[] {
  const named = Object.entries(examples).map(([name, data]) => ({ path: `${at}examples.${name}`, data }));
  return example ? [{ path: `${at}example`, data: example }, ...named] : named;
}

function downgraded(
  specimens: Specimen[],
  steps: NonNullable<VersionDefinition['downgrade']>,
  path: string,
  from: number,
): { specimens: Specimen[]; issues: Issue[] } {
  const converted: Specimen[] = [];
  for (const { data, path: source } of specimens) {
    try {
      converted.push({ path, data: mapAtOnce<unknown>(data, steps, PARSED_FORM) as object, from });
    } catch (error) {
      if (!(error instanceof MappingFailed)) throw error;
      const message = `It fails for ${source}: ${error.message}.`;
      return { specimens: [], issues: [{ path, code: 'mapping_failed', message }] };
    }
  }
  return { specimens: converted, issues: [] };
}
