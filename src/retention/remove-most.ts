import { uuidFloor } from '../core/ids.js';
import type { Database } from '../database/database.js';
import { checkNoHold } from '../event-store/legal-holds.js';
import { purgeInSlices } from './purge-in-slices.js';

/**
 * Removes what is finished of a space that is about to be deleted: all of it in the transaction that deletes the space
 * would hold up everybody who waits for one of its rows, and beyond some millions take too long. Throws Conflict while
 * the space has a legal hold. What is removed stays removed.
 */
export async function removeMost(database: Database, space: string, now: number): Promise<void> {
  const between = { after: uuidFloor(0), before: uuidFloor(now) };
  for (const kind of ['deliveries', 'events'] as const)
    await purgeInSlices(database, { kind, space, ...between }, (sql) => checkNoHold(sql, space));
}
