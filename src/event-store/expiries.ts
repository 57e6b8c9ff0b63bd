import { uuidFloor } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

/** SQL for the ids of the first events that have expired at `now` and whose deliveries are still to be expired. */
export function dueExpiriesSql(now: string, limit: number): string {
  return `SELECT event_id
    FROM posthorn.event_expiries WHERE NOT done AND expires_at <= ${now} ORDER BY expires_at LIMIT ${limit}`;
}

/** SQL for whether an event has expired at `$1` whose deliveries are still to be expired. */
export const HAS_DUE_EXPIRY =
  'EXISTS (SELECT FROM posthorn.event_expiries WHERE NOT done AND expires_at <= $1)';

/** SQL that marks the events in `due` as expired; conditions on `due` may follow. */
export function markExpiredSql(due: string): string {
  return `UPDATE posthorn.event_expiries x SET done = true FROM ${due} WHERE x.event_id = ${due}.event_id`;
}

const FORGET = {
  name: 'event_expiries_forget',
  text: `DELETE FROM posthorn.event_expiries WHERE done AND event_id IN
    (SELECT event_id FROM posthorn.event_expiries WHERE done AND event_id < $1 LIMIT 10000)`,
};

/** Deletes the expiries of events that retention has dropped. */
export async function forgetExpiries(sql: Sql, before: number): Promise<void> {
  await sql(FORGET, [uuidFloor(before)]);
}
