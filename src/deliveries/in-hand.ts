import { uuidFloor, uuidTime } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

/** What is older than this when it is written, milliseconds, goes by the books at once. */
const FRESH_MS = 2_000;
/** For so long a delivery may be in hand, milliseconds: `FRESH_MS`, and ample room for a statement to begin in. */
const IN_HAND_MS = 5_000;
/** How much of the past one statement goes through, milliseconds. */
const STEP_MS = 3_600_000;

/** Whether a new delivery, a row `d`, will be in hand. SQL; see `database/open-deliveries.ts` for what that is. */
export const GOES_IN_HAND = `d.lease IS NOT NULL AND d.due_at >= now() - interval '${FRESH_MS} ms'
  AND d.id >= (SELECT booked_until FROM posthorn.in_hand)`;

// A statement under way may be about to write what this one cannot see: the books are closed no later than it began.
const CLOSE_AT = {
  name: 'in_hand_close_at',
  text: `SELECT least(clock_timestamp(), min(xact_start)) AS at, (SELECT booked_until FROM posthorn.in_hand) AS booked
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'posthorn' AND pid <> pg_backend_pid()`,
};

// What is being settled in this moment is not waited for, which could end in a deadlock: the next look comes by again.
const BOOK = {
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
export async function bookInHand(sql: Sql, now: Date): Promise<void> {
  const [row] = await sql<{ at: Date; booked: string }>(CLOSE_AT);
  if (!row) return;
  const end = uuidFloor(row.at.getTime() - IN_HAND_MS);
  for (let from = row.booked; from < end;) {
    const hour = uuidFloor(uuidTime(from) + STEP_MS);
    const to = hour < end ? hour : end;
    if ((await sql(BOOK, [from, to, now])).length === 0) return;
    from = to;
  }
}
