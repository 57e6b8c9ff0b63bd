import { setTimeout as sleep } from 'node:timers/promises';
import { uuidFloor } from '../core/ids.js';
import { retentionOf, type SpaceRetention } from '../core/space-retention.js';
import type { Database } from '../database/database.js';
import { DAY_MS } from '../database/partitions.js';
import type { Sql } from '../database/sql.js';
import { purge, type Purged, type PurgeKind } from '../deliveries/purge-deliveries.js';
import { shareHolds } from '../event-store/legal-holds.js';
import { MAX_SCANNED } from '../event-store/purge-events.js';

/** Time for others between two slices. */
const SLICE_PAUSE_MS = 10;
const FIRST_ID = uuidFloor(0);

/** In the order in which they make each other superfluous; each with the days it goes by. */
const KINDS: [kind: PurgeKind, days: keyof SpaceRetention][] = [
  ['deliveries', 'eventsDays'],
  ['events', 'eventsDays'],
  ['attempts', 'attemptsDays'],
  ['attemptBodies', 'bodiesDays'],
  ['eventBodies', 'bodiesDays'],
];

const SPACES = {
  name: 'retention_spaces',
  text: `SELECT id, retention FROM posthorn.spaces WHERE retention IS NOT NULL ORDER BY id`,
};
const BEGIN = {
  name: 'retention_walk_begin',
  text: `INSERT INTO posthorn.retention_walks (space_id, kind, position, began_at)
    SELECT id, $2, $3, $4 FROM posthorn.spaces WHERE id = $1 ON CONFLICT DO NOTHING`,
};
// Its lock is the lease: several processes run retention.
const TAKE = {
  name: 'retention_walk_take',
  text: `SELECT position, began_at AS "beganAt" FROM posthorn.retention_walks WHERE space_id = $1 AND kind = $2
    FOR UPDATE SKIP LOCKED`,
};
const MOVE = {
  name: 'retention_walk_move',
  text: `UPDATE posthorn.retention_walks SET position = $3, began_at = $4 WHERE space_id = $1 AND kind = $2`,
};

/** What was removed of a space. */
export interface SpacePurge {
  space: string;
  kind: PurgeKind;
  rows: number;
}

/**
 * Removes what spaces want to keep for fewer days than the instance does, in slices. What is pending or held stays, and
 * what is on legal hold. `isStopping` ends it between two slices; the next run goes on.
 */
export async function purgeSpaces(
  database: Database,
  now: number,
  instanceDays: number,
  isStopping: () => boolean,
): Promise<SpacePurge[]> {
  const done: SpacePurge[] = [];
  const spaces = await database.sql<{ id: string; retention: Partial<SpaceRetention> }>(SPACES);
  for (const { id: space, retention } of spaces) {
    const days = retentionOf(retention, instanceDays);
    for (const [kind, name] of KINDS) {
      if (!isShorter(kind, days, instanceDays)) continue;
      const rows = await purgeSpace(database, { space, kind, days: days[name], now }, isStopping);
      if (rows > 0) done.push({ space, kind, rows });
    }
  }
  return done;
}

/** Whether anything goes before its day does, or before the rows do that it is part of. */
function isShorter(kind: PurgeKind, days: SpaceRetention, instanceDays: number): boolean {
  const { eventsDays, attemptsDays, bodiesDays } = days;
  if (kind === 'attempts') return attemptsDays < eventsDays;
  if (kind === 'attemptBodies') return bodiesDays < attemptsDays;
  return kind === 'eventBodies' ? bodiesDays < eventsDays : eventsDays < instanceDays;
}

interface Task {
  space: string;
  kind: PurgeKind;
  days: number;
  now: number;
}

async function purgeSpace(database: Database, task: Task, isStopping: () => boolean): Promise<number> {
  const { space, kind, now } = task;
  await database.sql(BEGIN, [space, kind, FIRST_ID, new Date(now)]);
  let rows = 0;
  while (!isStopping()) {
    const purged = await database.transaction((sql) => nextSlice(sql, task));
    rows += purged?.changed ?? 0;
    if (purged?.scanned !== MAX_SCANNED) break;
    await sleep(SLICE_PAUSE_MS);
  }
  return rows;
}

/** Null when another process is at it. */
async function nextSlice(sql: Sql, { space, kind, days, now }: Task): Promise<Purged | null> {
  await shareHolds(sql);
  const [walk] = await sql<{ position: string; beganAt: Date }>(TAKE, [space, kind]);
  if (!walk) return null;
  // Once a day from the beginning: what was open or on hold may have to go now.
  const isOver = now - walk.beganAt.getTime() >= DAY_MS;
  const [after, beganAt] = isOver ? [FIRST_ID, new Date(now)] : [walk.position, walk.beganAt];
  const purged = await purge(sql, kind, space, { after, before: uuidFloor(now - days * DAY_MS) }, days);
  await sql(MOVE, [space, kind, purged.last ?? after, beganAt]);
  return purged;
}
