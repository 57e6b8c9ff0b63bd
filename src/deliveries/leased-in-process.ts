import { uuidFloor, uuidTime } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { OpenWriters } from './open-writers.js';
import { IS_LEASED_WITHIN, type LeaseBounds } from './lease-bounds.js';

/** What is older than this when it is written, milliseconds, goes by the books at once. */
const FRESH_MS = 2_000;
/** For so long a delivery may be in hand, milliseconds: `FRESH_MS`, and ample room for a statement to begin in. */
const LEASED_IN_PROCESS_MS = 5_000;
/** How much of the past one statement goes through, milliseconds. */
const STEP_MS = 3_600_000;

/**
 * Whether a new delivery, a row `d`, will be in hand. SQL; see `deliveries/open-deliveries.ts` for what that is. It asks the
 * clock, and not when the transaction began, which may have been long before.
 */
export const IS_LEASED_IN_PROCESS = `d.lease IS NOT NULL AND d.due_at >= clock_timestamp() - interval '${FRESH_MS} ms'
  AND d.id >= (SELECT booked_until FROM posthorn.in_hand)`;

// What is being settled in this moment is not waited for, which could end in a deadlock: the next look comes by again.
const ADVANCE_WATERMARK = {
  name: 'in_hand_book',
  text: `
    WITH old AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries
      WHERE id >= $1 AND id < $2 AND status = 'pending' AND next_attempt_at IS NULL
    ), free AS MATERIALIZED (
      SELECT d.id FROM old JOIN posthorn.deliveries d ON d.id = old.id
      WHERE d.status = 'pending' AND d.next_attempt_at IS NULL FOR UPDATE OF d SKIP LOCKED
    ), booked AS (
      UPDATE posthorn.deliveries d SET next_attempt_at = $3 FROM free WHERE d.id = free.id
    )
    UPDATE posthorn.in_hand SET booked_until = $2
    WHERE booked_until < $2 AND (SELECT count(*) FROM old) = (SELECT count(*) FROM free)
    RETURNING 1`,
};

/**
 * Gives what has been in hand for long a time from which it is due, `now`: a request that takes its time, or one that a dead
 * process never made. From then on it is found as everything else is, when its lease runs out. This goes once through
 * every delivery that is made, 0.2 µs each, by the database's clock, as the writing statement does.
 */
export async function advanceRecoveryWatermark(sql: Sql, now: Date, writers: OpenWriters): Promise<void> {
  const { closeAt, booked } = await writers.look(sql);
  if (closeAt === null) return;
  const end = uuidFloor(closeAt - LEASED_IN_PROCESS_MS);
  for (let from = booked; from < end;) {
    const hour = uuidFloor(uuidTime(from) + STEP_MS);
    const to = hour < end ? hour : end;
    if ((await sql(ADVANCE_WATERMARK, [from, to, now])).length === 0) return;
    from = to;
  }
}

// However young it is. What a dead process's last statement writes after this is found by the next look.
const MAKE_RECOVERABLE_OF = {
  name: 'in_hand_book_of',
  text: `
    WITH theirs AS MATERIALIZED (
      SELECT d.id FROM posthorn.deliveries d
      WHERE d.id >= (SELECT booked_until FROM posthorn.in_hand) AND d.status = 'pending' AND d.next_attempt_at IS NULL
        AND ${IS_LEASED_WITHIN('$2', '$3')}
      FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE posthorn.deliveries d SET next_attempt_at = $1 FROM theirs WHERE d.id = theirs.id`,
};

/** Gives what workers that are dead have in hand, by their leases, a time from which it is due, `now`. */
export async function makeRecoverableOf(sql: Sql, dead: LeaseBounds, now: Date): Promise<void> {
  if (dead[0].length > 0) await sql(MAKE_RECOVERABLE_OF, [now, ...dead]);
}
