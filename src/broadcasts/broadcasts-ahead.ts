import type { Sql } from '../database/sql.js';
import type { Selection } from '../event-store/selection.js';
import { readEventAt } from '../events/publish-input.js';
import { parseStrictly } from '../http/json-body.js';

// At most ten are under way. Their tag is not asked for: it could be given to the space meanwhile.
const AHEAD = {
  name: 'erasures_broadcasts_ahead',
  text: `SELECT event FROM posthorn.broadcasts
    WHERE finished_at IS NULL AND position < $1 AND id > $1 AND id >= $2 AND id < $3`,
};

/**
 * Whether a broadcast under way may still publish an event of the selection in its space. Its events have the
 * broadcast's time.
 */
export async function isBroadcastAhead(
  sql: Sql,
  { spaceId, since, until, events, subject }: Selection,
): Promise<boolean> {
  // Events that are named by their ids have been published.
  if (events !== null) return false;
  const rows = await sql<{ event: string | null }>(AHEAD, [spaceId, since, until]);
  return rows.some(({ event }) => event !== null && (subject === null || isAbout(event, subject)));
}

function isAbout(text: string, subject: string): boolean {
  const { subjectId, scope } = readEventAt(parseStrictly(text), text, 'event');
  return (subjectId ?? scope.leadId) === subject;
}
