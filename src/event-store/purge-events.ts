import { isHeldSql } from './legal-holds.js';

/** Rows that one statement looks at. */
export const MAX_SCANNED = 1_000;

/** Which rows a purge looks at: those of the space `$1` with ids between `$2` and `$3`, or of all spaces. */
export function scannedSql(table: string, ofSpace: boolean): string {
  const whose = ofSpace ? 'space_id = $1::uuid' : '$1::uuid IS NULL';
  return `SELECT id FROM ${table} WHERE ${whose} AND id > $2 AND id < $3 ORDER BY id LIMIT ${MAX_SCANNED}`;
}

/** What every purge gives: rows looked at, rows changed, and the last id. */
export const PURGED = (changed: string) =>
  `SELECT (SELECT count(*) FROM scanned)::int AS scanned, (SELECT count(*) FROM ${changed})::int AS changed,
    (SELECT id FROM scanned ORDER BY id DESC LIMIT 1) AS last`;

/** SQL that deletes the events it looks at, but not those on hold, and those that `isOpen` says are still needed. */
export function deleteOldEventsSql(ofSpace: boolean, isOpen: string): string {
  return `
    WITH scanned AS MATERIALIZED (${scannedSql('posthorn.events', ofSpace)}), gone AS (
      DELETE FROM posthorn.events e USING scanned
      WHERE e.id = scanned.id AND NOT ${isHeldSql('e')} AND NOT ${isOpen} RETURNING 1
    )
    ${PURGED('gone')}`;
}

/** SQL that removes their data instead; `$4` is after how many days, as text. */
export function emptyOldEventsSql(isOpen: string): string {
  return `
    WITH scanned AS MATERIALIZED (${scannedSql('posthorn.events', true)}), emptied AS (
      UPDATE posthorn.events e SET data = 'null', removed = $4 FROM scanned
      WHERE e.id = scanned.id AND e.removed IS NULL AND NOT ${isHeldSql('e')} AND NOT ${isOpen} RETURNING 1
    )
    ${PURGED('emptied')}`;
}
