import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { hasHeldDeliveries } from '../deliveries/purge-deliveries.js';
import { hasHeldEvents, hasHolds, shareHolds } from '../event-store/legal-holds.js';
import { idsOf } from './day-parts.js';
import { purgeInSlices } from './purge-in-slices.js';

/** Whether something of a day is on legal hold: then its partitions stay. */
export async function isDayHeld(sql: Sql, day: string): Promise<boolean> {
  if (!(await hasHolds(sql))) return false;
  const [from, to] = idsOf(day);
  return (await hasHeldEvents(sql, from, to)) || hasHeldDeliveries(sql, from, to);
}

/** Deletes the rest of such a day, of all spaces, in slices: nothing else is kept longer because of a hold. */
export async function deleteUnheld(database: Database, day: string): Promise<number> {
  const [after, before] = idsOf(day);
  let rows = 0;
  for (const kind of ['allDeliveries', 'allEvents'] as const)
    rows += await purgeInSlices(database, { kind, space: null, after, before }, shareHolds);
  return rows;
}
