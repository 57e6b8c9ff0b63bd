import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { purge, type PurgeKind } from '../deliveries/purge-deliveries.js';
import { MAX_SCANNED } from '../event-store/purge-events.js';

/** Time for others between two slices. */
const SLICE_PAUSE_MS = 10;

interface Rows {
  kind: PurgeKind;
  /** Null: of all spaces. */
  space: string | null;
  /** Ids to look between. */
  after: string;
  before: string;
}

/**
 * Removes what is finished and on no legal hold, a thousand rows in a transaction. `first`: what each of them begins
 * with; it shares the holds. Gives how many rows are gone.
 */
export async function purgeInSlices(
  database: Database,
  { kind, space, after, before }: Rows,
  first: (sql: Sql) => Promise<void>,
): Promise<number> {
  let rows = 0;
  for (let from = after; ;) {
    const purged = await database.transaction(async (sql) => {
      await first(sql);
      return purge(sql, kind, space, { after: from, before }, 0);
    });
    rows += purged.changed;
    if (purged.scanned < MAX_SCANNED || purged.last === null) return rows;
    from = purged.last;
    await sleep(SLICE_PAUSE_MS);
  }
}
