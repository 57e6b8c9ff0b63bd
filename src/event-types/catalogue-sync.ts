import type { Origin } from '../audit/origin.js';
import { Invalid, type Issue } from '../core/errors.js';
import { EVENT_TYPE_NAME_HINT, isEventTypeName } from '../core/event-type-name.js';
import { isObjectOrAbsent, StrictValidationPipe } from '../http/validation.pipe.js';
import { canonicalJson } from '../lib/canonical-json.js';
import { columnsOf, definitionFacts, type InstanceTypeDefinition } from './definition.js';
import { PutInstanceType } from './event-types.dto.js';
import { breakingChanges, incompatible } from './check-change.js';
import { refuseInexactNumbers } from './inexact-numbers.js';
import { checkParts } from './read-versions.js';
import type { InstanceEventTypeEntity, TypeSource } from './instance-event-type.entity.js';

/** How to define many event types at once. */
export interface SyncOptions {
  source: TypeSource;
  /** Remove those that the same source defined before and that are not among them. */
  prune?: boolean;
  /** Only report. */
  dryRun?: boolean;
  /** Also what breaks publishers or receivers of a version. */
  force?: boolean;
  /** Without `force`: what breaks somebody ends with an error (default), or stays as it is and is reported. */
  onIncompatible?: 'refuse' | 'keep';
  by?: Origin | undefined;
}

/** What became of many event types, by name. */
export interface SyncReport {
  created: string[];
  updated: string[];
  unchanged: string[];
  removed: string[];
  /** With `onIncompatible: 'keep'`: what stays as it is, and why. */
  kept?: Record<string, Issue[]>;
}

const pipe = new StrictValidationPipe();

/** Checks the shape of definitions by name, as the API does for one. Throws Invalid. */
export async function readDefinitions(types: unknown): Promise<Record<string, PutInstanceType>> {
  if (!isObjectOrAbsent(types) || types === undefined) {
    const message = 'Must be an object with a definition for each name.';
    throw new Invalid([{ path: 'types', code: 'is_object', message }]);
  }
  const issues: Issue[] = [];
  const read: [string, PutInstanceType][] = [];
  for (const [name, definition] of Object.entries(types as Record<string, unknown>)) {
    if (!isEventTypeName(name))
      issues.push({ path: placeOf(name), code: 'event_type_name', message: EVENT_TYPE_NAME_HINT });
    try {
      const given = definition ?? {};
      // First: the pipe makes something else of them.
      refuseInexactNumbers(given);
      const value: unknown = await pipe.transform(given, { type: 'body', metatype: PutInstanceType });
      await checkParts(value as PutInstanceType);
      read.push([name, value as PutInstanceType]);
    } catch (error) {
      issues.push(...issuesBelow(name, error));
    }
  }
  if (issues.length > 0) throw new Invalid(issues);
  return Object.fromEntries(read);
}

/** Which of the wanted types are new or differ from the known ones, and which known ones go. */
export function reportOf(
  wanted: Record<string, InstanceTypeDefinition>,
  rows: InstanceEventTypeEntity[],
  { source, prune = false }: Pick<SyncOptions, 'source' | 'prune'>,
): SyncReport {
  const known = new Map(rows.map((row) => [row.name, row]));
  const report: SyncReport = { created: [], updated: [], unchanged: [], removed: [] };
  for (const [name, definition] of Object.entries(wanted)) {
    const row = known.get(name);
    if (!row) report.created.push(name);
    else if (row.source === source && isSame(row, definition)) report.unchanged.push(name);
    else report.updated.push(name);
  }
  if (prune)
    report.removed = rows
      .filter((row) => row.source === source && !Object.hasOwn(wanted, row.name))
      .map(({ name }) => name);
  return report;
}

/**
 * The report without the updates that break publishers or receivers. Throws Conflict for them unless they are forced or
 * kept as they are.
 */
export async function withoutBreaking(
  report: SyncReport,
  wanted: Record<string, InstanceTypeDefinition>,
  rows: InstanceEventTypeEntity[],
  { force = false, onIncompatible = 'refuse' }: Pick<SyncOptions, 'force' | 'onIncompatible'>,
): Promise<SyncReport> {
  if (force) return report;
  const known = new Map(rows.map((row) => [row.name, row]));
  const broken: [string, Issue[]][] = [];
  for (const name of report.updated) {
    const row = known.get(name);
    const issues = row ? await breakingChanges(row, columnsOf(wanted[name] ?? {})) : [];
    if (issues.length > 0) broken.push([name, issues]);
  }
  if (broken.length === 0) return report;
  if (onIncompatible === 'refuse')
    throw incompatible(
      broken.flatMap(([name, issues]) =>
        issues.map((issue) => ({ ...issue, path: `${placeOf(name)}.${issue.path}` })),
      ),
    );
  const kept = new Map(broken);
  return {
    ...report,
    updated: report.updated.filter((name) => !kept.has(name)),
    kept: Object.fromEntries(broken),
  };
}

export function isChange({ created, updated, removed }: SyncReport): boolean {
  return created.length + updated.length + removed.length > 0;
}

/** The issues of one definition among many. Throws what is no `Invalid`. */
export function issuesBelow(name: string, error: unknown): Issue[] {
  if (!(error instanceof Invalid)) throw error;
  return (error.issues ?? []).map((issue) => ({ ...issue, path: `${placeOf(name)}.${issue.path}` }));
}

function placeOf(name: string): string {
  return `types[${JSON.stringify(name.slice(0, 128))}]`;
}

function isSame(row: InstanceEventTypeEntity, definition: InstanceTypeDefinition): boolean {
  const columns = { ...columnsOf(definition), feature: definition.feature ?? null };
  return canonicalJson(definitionFacts(row)).equals(canonicalJson(definitionFacts(columns)));
}
