import { uuidFloor, uuidTime } from '../core/ids.js';
import type { Database } from '../database/database.js';
import { DAY_MS } from '../database/partitions.js';
import { idsOf } from './day-parts.js';
import { deleteUnheld } from './held-days.js';

const FIRST_ID = uuidFloor(0);

const OLDEST = {
  name: 'retention_oldest_default',
  text: `
    (SELECT id FROM posthorn.events_default WHERE id >= $1 AND id < $2 ORDER BY id LIMIT 1)
    UNION ALL
    (SELECT id FROM posthorn.deliveries_default WHERE id >= $1 AND id < $2 ORDER BY id LIMIT 1)
    ORDER BY id LIMIT 1`,
};

/**
 * Deletes what is in no partition of a day, because nobody could make one in time, of days that ended before `until`:
 * there is nothing to drop. What is open or on hold stays. Gives the days of which something was deleted.
 */
export async function deleteDefaultRows(
  database: Database,
  until: number,
  mayDrop: (day: string) => Promise<boolean>,
): Promise<string[]> {
  const end = uuidFloor(Math.floor(until / DAY_MS) * DAY_MS);
  const days: string[] = [];
  for (let from = FIRST_ID; ;) {
    const [oldest] = await database.sql<{ id: string }>(OLDEST, [from, end]);
    if (!oldest) return days;
    const day = new Date(uuidTime(oldest.id)).toISOString().slice(0, 10).replaceAll('-', '');
    if ((await mayDrop(day)) && (await deleteUnheld(database, day)) > 0) days.push(day);
    [, from] = idsOf(day);
  }
}
