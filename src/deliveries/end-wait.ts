import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { SLICE_PAUSE_MS, MOVED_AT_ONCE } from './move-deliveries.js';
import { WAITING } from './open-deliveries.js';

/** A delivery that no longer waits for its endpoint, and when it is due by its schedule, milliseconds. */
export type WokenDelivery = DueDelivery & { at: number };

/** A wait (Retry-After) that was ended at `now` and would have lasted until `until`. */
interface Wait {
  subscriptionId: string;
  now: Date;
  until: Date;
}

/** What one slice of the end of a wait did. */
export interface EndedWait {
  /** To be enqueued. */
  due: WokenDelivery[];
  /** What is still waiting: give it to `endRestOfWait` after the transaction. Null: nothing is. */
  rest: Wait | null;
}

// A wait that has begun since is not touched. What releases before 0.2 postponed has no planned time: it waits until
// `$3`.
const END_WAIT = {
  name: 'deliveries_end_wait',
  text: `
    WITH open AS MATERIALIZED (
      SELECT FROM posthorn.subscriptions WHERE id = $1 AND (waits_until IS NULL OR waits_until <= $2) FOR SHARE
    ), slice AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries
      WHERE subscription_id = $1 AND ${WAITING} AND lease IS NULL AND next_attempt_at > $2
        AND (planned_at IS NOT NULL OR next_attempt_at = $3) AND EXISTS (SELECT FROM open)
      ORDER BY next_attempt_at, id LIMIT ${MOVED_AT_ONCE} FOR UPDATE
    )
    UPDATE posthorn.deliveries d SET next_attempt_at = greatest(planned_at, $2), planned_at = NULL
    FROM slice WHERE d.id = slice.id RETURNING d.id, d.next_attempt_at AS at`,
};

/**
 * The first slice of what waits for an endpoint goes back to its schedule. Call it in the transaction that ends the
 * subscription's wait, after that, and `endRestOfWait` after the commit.
 */
export async function endWait(sql: Sql, subscriptionId: string, now: Date, until: Date): Promise<EndedWait> {
  const rows = await sql<{ id: string; at: Date }>(END_WAIT, [subscriptionId, now, until]);
  const more = rows.length === MOVED_AT_ONCE;
  const due = rows.map(({ id, at }) => ({ id, subscriptionId, more, at: at.getTime() }));
  due.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { due, rest: more ? { subscriptionId, now, until } : null };
}

/**
 * The other slices, each a transaction of its own. They are not enqueued: workers and the sweeper find what is due.
 * After a crash the remaining deliveries are sent at the time the endpoint had named; none is lost.
 */
export async function endRestOfWait(database: Database, { subscriptionId, now, until }: Wait): Promise<void> {
  let rest: Wait | null;
  do {
    await sleep(SLICE_PAUSE_MS);
    ({ rest } = await database.transaction((sql) => endWait(sql, subscriptionId, now, until)));
  } while (rest !== null);
}
