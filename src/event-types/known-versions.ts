import { currentVersion, numbersOf, type VersionRule } from '../core/type-versions.js';
import type { Sql } from '../database/sql.js';

/** What publishers remember of a later version of a type. */
export interface KnownVersion extends VersionRule {
  /** Of its schema; null: it has none. */
  hash: string | null;
}

/** By number. */
export type KnownVersions = Readonly<Record<string, KnownVersion>>;

/** SQL for the later versions of the row `t` of one of the tables of event types; null where it has none. */
export const KNOWN_VERSIONS_SQL = `(
  SELECT json_object_agg(v.key, json_build_object('draft', v.value->'draft', 'downgrade', v.value->'downgrade',
    'hash', CASE WHEN v.value->'schema' <> '{}' THEN md5((v.value->'schema')::text) END))
  FROM jsonb_each(t.versions) v)`;

const BY_NAME = {
  name: 'event_type_versions_by_name',
  text: `
    SELECT w.name, coalesce(own.versions, shared.versions) AS versions FROM unnest($2::text[]) AS w (name)
      LEFT JOIN LATERAL (
        SELECT name, ${KNOWN_VERSIONS_SQL} AS versions FROM posthorn.event_types t
        WHERE t.space_id = $1 AND t.name = w.name
      ) own ON true
      LEFT JOIN LATERAL (
        SELECT ${KNOWN_VERSIONS_SQL} AS versions FROM posthorn.instance_event_types t
        WHERE t.name = w.name AND own.name IS NULL
      ) shared ON true`,
};

/** Later versions of these types, as a space has them; absent: none. */
export async function versionsByName(
  sql: Sql,
  spaceId: string,
  names: string[],
): Promise<Map<string, KnownVersions>> {
  const rows = await sql<{ name: string; versions: KnownVersions | null }>(BY_NAME, [spaceId, names]);
  return new Map(rows.flatMap(({ name, versions }) => (versions ? [[name, versions]] : [])));
}

/** The version that an event is of: the one its publisher wants, or the current one; undefined: the type has none. */
export function versionFor(versions: KnownVersions | null, wanted: number | undefined): number | undefined {
  return versions ? (wanted ?? currentVersion(versions)) : undefined;
}

/** All numbers that may be named at publish. */
export function knownNumbers(versions: KnownVersions | null): number[] {
  return numbersOf(versions ?? {});
}
