import { uuidFloor, uuidTime } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { OpenWriters } from './open-writers.js';
import { IS_LEASED_WITHIN, type LeaseBounds } from './lease-bounds.js';

/** A delivery older than this when it is written, milliseconds, gets a time of its next attempt at once. */
const FRESH_MS = 2_000;
/**
 * How long a delivery may stay leased in process, milliseconds: `FRESH_MS` plus ample time for a statement to begin.
 */
const LEASED_IN_PROCESS_MS = 5_000;
/** How much of the past one statement goes through, milliseconds. */
const STEP_MS = 3_600_000;

/**
 * SQL for whether a new delivery, a row `d`, will be leased in process (`open-deliveries.ts`). It uses the clock, not
 * the transaction's beginning, which may have been long before.
 */
export const IS_LEASED_IN_PROCESS = `d.lease IS NOT NULL AND d.due_at >= clock_timestamp() - interval '${FRESH_MS} ms'
  AND d.id >= (SELECT booked_until FROM posthorn.in_hand)`;

// Rows that are being settled are skipped, since waiting could deadlock: the next run finds them.
const ADVANCE_WATERMARK = {
  name: 'in_hand_book',
  text: `
    WITH old AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries
      WHERE id >= $1 AND id < $2 AND status = 'pending' AND next_attempt_at IS NULL
    ), free AS MATERIALIZED (
      SELECT d.id FROM old JOIN posthorn.deliveries d ON d.id = old.id
      WHERE d.status = 'pending' AND d.next_attempt_at IS NULL FOR UPDATE OF d SKIP LOCKED
    ), advanced AS (
      UPDATE posthorn.deliveries d SET next_attempt_at = $3 FROM free WHERE d.id = free.id
    )
    UPDATE posthorn.in_hand SET booked_until = $2
    WHERE booked_until < $2 AND (SELECT count(*) FROM old) = (SELECT count(*) FROM free)
    RETURNING 1`,
};

/**
 * Makes what has been leased in process for long due at `now`: a slow request, or one that a dead process never made.
 * It is then found like everything else when its lease runs out. Passes once over every delivery, 0.2 µs each, by the
 * database's clock like the statement that writes them.
 */
export async function advanceRecoveryWatermark(sql: Sql, now: Date, writers: OpenWriters): Promise<void> {
  const { closeAt, watermark } = await writers.look(sql);
  if (closeAt === null) return;
  const end = uuidFloor(closeAt - LEASED_IN_PROCESS_MS);
  for (let from = watermark; from < end;) {
    const hour = uuidFloor(uuidTime(from) + STEP_MS);
    const to = hour < end ? hour : end;
    if ((await sql(ADVANCE_WATERMARK, [from, to, now])).length === 0) return;
    from = to;
  }
}

// Whatever its age. What a dead process's last statement writes after this is found by the next run.
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

/** Makes what dead workers have leased in process due at `now`, by their leases. */
export async function makeRecoverableOf(sql: Sql, dead: LeaseBounds, now: Date): Promise<void> {
  if (dead[0].length > 0) await sql(MAKE_RECOVERABLE_OF, [now, ...dead]);
}
