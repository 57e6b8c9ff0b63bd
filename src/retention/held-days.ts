import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { hasHeldDeliveries, purge } from '../deliveries/purge-deliveries.js';
import { hasHeldEvents, hasHolds, shareHolds } from '../event-store/legal-holds.js';
import { MAX_SCANNED } from '../event-store/purge-events.js';
import { idsOf } from './day-parts.js';

const SLICE_PAUSE_MS = 10;

/** Whether something of a day is on legal hold: then its partitions stay. */
export async function isDayHeld(sql: Sql, day: string): Promise<boolean> {
  if (!(await hasHolds(sql))) return false;
  const [from, to] = idsOf(day);
  return (await hasHeldEvents(sql, from, to)) || hasHeldDeliveries(sql, from, to);
}

/** Deletes the rest of such a day, of all spaces, in slices: nothing else is kept longer because of a hold. */
export async function deleteUnheld(database: Database, day: string): Promise<number> {
  const [from, to] = idsOf(day);
  let rows = 0;
  for (const kind of ['allDeliveries', 'allEvents'] as const) {
    for (let after = from; ;) {
      const purged = await database.transaction(async (sql) => {
        await shareHolds(sql);
        return purge(sql, kind, null, { after, before: to }, 0);
      });
      rows += purged.changed;
      if (purged.scanned < MAX_SCANNED || purged.last === null) break;
      after = purged.last;
      await sleep(SLICE_PAUSE_MS);
    }
  }
  return rows;
}
