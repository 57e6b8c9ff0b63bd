import { uuidFloor } from '../core/ids.js';
import { heldOrder, isHeldOf } from './open-deliveries.js';
import { isTimeSql } from './scheduled.js';
import type { Sql } from '../database/sql.js';
import { dueExpiriesSql, markExpiredSql } from '../event-store/expiries.js';

const DAY_MS = 86_400_000;
/** Events with their open deliveries, and held ones, that one statement ends: an event may have very many. */
const EVENTS = 100;
const OPEN = 2_000;
const HELD = 1_000;
/** Where counting what will expire ends, for each subscription. */
const MOST = 10_000;

// What is being settled in this moment is not waited for, which could end in a deadlock: its event comes up again.
// Usually nothing is due, and `EXISTS` finds that out cheaply. Without it PostgreSQL reads a whole new day, since it
// has no statistics of it yet.
const EXPIRE_EVENTS = {
  name: 'deliveries_expire_events',
  text: `
    WITH due AS MATERIALIZED (
      ${dueExpiriesSql('$1', EVENTS)}
    ), open AS MATERIALIZED (
      SELECT d.id, d.event_id FROM due JOIN posthorn.deliveries d ON d.event_id = due.event_id
      WHERE d.status IN ('pending', 'held') AND EXISTS (SELECT FROM due) LIMIT ${OPEN}
    ), free AS MATERIALIZED (
      SELECT d.id FROM open JOIN posthorn.deliveries d ON d.id = open.id
      WHERE d.status IN ('pending', 'held') AND EXISTS (SELECT FROM open) FOR UPDATE OF d SKIP LOCKED
    ), ended AS (
      UPDATE posthorn.deliveries d SET status = 'expired', finished_at = $1, next_attempt_at = NULL, planned_at = NULL,
        override = NULL
      FROM free WHERE d.id = free.id AND EXISTS (SELECT FROM free)
    ), done AS (
      ${markExpiredSql('due')} AND (SELECT count(*) FROM (
        SELECT FROM posthorn.deliveries d WHERE d.event_id = due.event_id AND d.status IN ('pending', 'held')
          AND d.id NOT IN (SELECT id FROM free) LIMIT 1) left_over) = 0
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM open)::int AS open, (SELECT count(*) FROM free)::int AS deliveries,
      (SELECT count(*) FROM done)::int AS events`,
};

/** Ends what is still open of events whose time is over. Gives how many; `more`: there may be others. */
export async function expireEvents(sql: Sql, now: Date): Promise<{ deliveries: number; more: boolean }> {
  type Row = Record<'open' | 'deliveries' | 'events', number>;
  const [{ open, deliveries, events } = { open: 0, deliveries: 0, events: 0 }] = await sql<Row>(
    EXPIRE_EVENTS,
    [now],
  );
  return { deliveries, more: events === EVENTS || (open === OPEN && deliveries > 0) };
}

/** For how long, and how much, a subscription holds. */
export interface HeldLimit {
  subscriptionId: string;
  spaceId: string;
  days: number;
  max: number;
}

const LIMITS = {
  name: 'deliveries_held_limits',
  text: `SELECT id AS "subscriptionId", space_id AS "spaceId", coalesce(held_days, $1::int) AS days,
      coalesce(held_max, $2::int) AS max
    FROM posthorn.subscriptions WHERE status = 'paused'`,
};

/** The limits of all subscriptions that hold anything. */
export function heldLimits(sql: Sql, defaults: { days: number; max: number }): Promise<HeldLimit[]> {
  return sql<HeldLimit>(LIMITS, [defaults.days, defaults.max]);
}

const EXPIRE_HELD = {
  name: 'deliveries_expire_held',
  text: `
    WITH old AS MATERIALIZED (
      SELECT d.id FROM unnest($1::uuid[], $2::uuid[], $4::timestamptz[]) AS s (id, until, time) CROSS JOIN LATERAL (
        SELECT id FROM posthorn.deliveries
        WHERE ${isHeldOf('s.id')} AND id <= s.until AND ${isTimeSql('s.time')} ${heldOrder()} LIMIT ${HELD}
      ) d LIMIT ${HELD}
    ), free AS MATERIALIZED (
      SELECT d.id FROM old JOIN posthorn.deliveries d ON d.id = old.id
        WHERE d.status = 'held' FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE posthorn.deliveries d SET status = 'expired', finished_at = $3 FROM free WHERE d.id = free.id
      RETURNING d.subscription_id`,
};

/** Ends up to a thousand deliveries that have been held for as long as they may be. Gives how many by subscription. */
export async function expireOldHeld(sql: Sql, limits: HeldLimit[], now: Date): Promise<Map<string, number>> {
  const old = limits.map(({ subscriptionId, days }): HeldUntil => {
    const time = now.getTime() - days * DAY_MS;
    return { id: subscriptionId, until: uuidFloor(time), time: new Date(time) };
  });
  return expireHeld(sql, old, now);
}

const EXCESS = {
  name: 'deliveries_held_excess',
  text: `
    SELECT s.id, d.id AS until FROM unnest($1::uuid[], $2::int[]) AS s (id, max) CROSS JOIN LATERAL (
      SELECT id FROM posthorn.deliveries WHERE ${isHeldOf('s.id')} ${heldOrder('DESC')} OFFSET s.max LIMIT 1
    ) d`,
};

/** The same for the oldest of what is too many. This counts what is held. */
export async function expireExcessHeld(
  sql: Sql,
  limits: HeldLimit[],
  now: Date,
): Promise<Map<string, number>> {
  const excess = await sql<{ id: string; until: string }>(EXCESS, [
    limits.map(({ subscriptionId }) => subscriptionId),
    limits.map(({ max }) => max),
  ]);
  return expireHeld(
    sql,
    excess.map((one) => ({ ...one, time: FOREVER })),
    now,
  );
}

/** What is held for a subscription, up to an id, and was to be delivered by `time`. */
interface HeldUntil {
  id: string;
  until: string;
  time: Date;
}

/** Whatever its time. */
const FOREVER = new Date('9999-12-31T00:00:00Z');

async function expireHeld(sql: Sql, held: HeldUntil[], now: Date): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (held.length === 0) return counts;
  for (const { subscription_id: id } of await sql<{ subscription_id: string }>(EXPIRE_HELD, [
    held.map(({ id }) => id),
    held.map(({ until }) => until),
    now,
    held.map(({ time }) => time),
  ]))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const EXPIRING = {
  name: 'deliveries_held_expiring',
  text: `
    SELECT s.id AS "subscriptionId", count(*)::int AS deliveries
      FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS s (id, until, time)
    CROSS JOIN LATERAL (
      SELECT FROM posthorn.deliveries
      WHERE ${isHeldOf('s.id')} AND id <= s.until AND ${isTimeSql('s.time')} ${heldOrder()} LIMIT ${MOST}
    ) d GROUP BY s.id`,
};

/** How many held deliveries will expire by their age within a day, by subscription; each up to 10,000. */
export function expiringHeld(
  sql: Sql,
  limits: HeldLimit[],
  now: Date,
): Promise<{ subscriptionId: string; deliveries: number }[]> {
  return sql(EXPIRING, [
    limits.map(({ subscriptionId }) => subscriptionId),
    limits.map(({ days }) => uuidFloor(now.getTime() - (days - 1) * DAY_MS)),
    limits.map(({ days }) => new Date(now.getTime() - (days - 1) * DAY_MS)),
  ]);
}
