import type { Sql } from '../database/sql.js';
import type { NewEvent } from './insert-events.js';

const SCHEDULE = {
  name: 'events_schedule',
  text: `UPDATE posthorn.events e SET deliver_at = s.at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS s (id, at) WHERE e.id = s.id`,
};

/** Notes when new events are to be delivered, those that are to be later. In the transaction that wrote them. */
export async function scheduleEvents(sql: Sql, events: NewEvent[]): Promise<void> {
  const scheduled = events.filter(({ deliverAt }) => deliverAt !== undefined);
  if (scheduled.length === 0) return;
  await sql(SCHEDULE, [scheduled.map(({ id }) => id), scheduled.map(({ deliverAt }) => deliverAt)]);
}

const FIND = {
  name: 'events_scheduled',
  text: `SELECT id, deliver_at AS at FROM posthorn.events WHERE id = ANY($1::uuid[]) AND deliver_at > $2`,
};

/** Of these events, when those are to be delivered whose time has not come at `now`. */
export async function scheduledAfter(sql: Sql, ids: string[], now: Date): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: string; at: Date }>(FIND, [ids, now]);
  return new Map(rows.map(({ id, at }) => [id, at]));
}
