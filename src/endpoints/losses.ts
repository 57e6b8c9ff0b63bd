import type { Sql } from '../database/sql.js';

/** What a subscription's note of lost deliveries says; times in ISO 8601. */
export interface LossNote {
  count: number;
  since: string | null;
  firstAt: string | null;
  lastAt: string | null;
}

const FORGET = {
  name: 'losses_forget',
  text: `UPDATE posthorn.subscriptions SET lost_count = greatest(0, lost_count - $2::int),
      lost_since = CASE WHEN lost_count > $2 THEN lost_since END,
      lost_first_at = CASE WHEN lost_count > $2 THEN $3::timestamptz END,
      lost_last_at = CASE WHEN lost_count > $2 THEN lost_last_at END
    WHERE id = $1`,
};

/** Removes so many losses from the note. Later ones stay in it. */
export async function forgetLosses(
  sql: Sql,
  subscriptionId: string,
  count: number,
  now: Date,
): Promise<void> {
  await sql(FORGET, [subscriptionId, count, now]);
}

const RESTORE = {
  name: 'losses_restore',
  text: `UPDATE posthorn.subscriptions SET lost_count = lost_count + $2::int,
      lost_since = least(lost_since, $3::timestamptz), lost_first_at = least(lost_first_at, $4::timestamptz),
      lost_last_at = greatest(lost_last_at, $5::timestamptz)
    WHERE id = $1`,
};

/** Puts losses back into the note that were forgotten, and have not been sent after all. */
export async function restoreLosses(
  sql: Sql,
  subscriptionId: string,
  { count, since, firstAt, lastAt }: LossNote,
): Promise<void> {
  await sql(RESTORE, [subscriptionId, count, since, firstAt, lastAt]);
}
