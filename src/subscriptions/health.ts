import type { Sql } from '../database/sql.js';
import type {
  PausedReason,
  PauseMode,
  PauseUnit,
  Recovery,
  SubscriptionStatus,
  WhilePaused,
} from '../core/words.js';
import { bumpRouting } from '../spaces/routing-version.js';

/** What an endpoint's recent answers made of its subscription. */
export interface Health {
  id: string;
  spaceId: string;
  status: SubscriptionStatus;
  pausedReason: PausedReason | null;
  pausedAt: Date | null;
  /** What counts towards a pause and has since the last success. */
  failureCount: number;
  pauseAfter: number | null;
  pauseUnit: PauseUnit;
  pauseMode: PauseMode;
  whilePaused: WhilePaused;
  recovery: Recovery;
  /** How many probes were sent since the pause. */
  probeStep: number;
  nextProbeAt: Date | null;
  version: number;
  /** The version that the last resume made; 0 before the first. */
  resumedVersion: number;
}

/** A new health; every field but `waitsUntil` replaces the old one. */
export interface HealthChange {
  id: string;
  failureCount: number;
  status: SubscriptionStatus;
  pausedReason: PausedReason | null;
  pausedAt: Date | null;
  probeStep: number;
  nextProbeAt: Date | null;
  /** Until when the endpoint asked to be left alone. An earlier or absent time shortens nothing. */
  waitsUntil: Date | null;
}

// Locks in the order of ids: two settling transactions that share endpoints wait for each other, never in a circle.
const LOCK = {
  name: 'health_lock',
  text: `
    SELECT id, space_id AS "spaceId", status, paused_reason AS "pausedReason", paused_at AS "pausedAt",
           failure_count AS "failureCount", pause_after AS "pauseAfter", pause_unit AS "pauseUnit", pause_mode AS "pauseMode", while_paused AS "whilePaused",
           recovery, probe_step AS "probeStep",
           next_probe_at AS "nextProbeAt", version, resumed_version AS "resumedVersion"
    FROM posthorn.subscriptions WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
};

const WRITE = {
  name: 'health_write',
  text: `
    UPDATE posthorn.subscriptions s SET
      failure_count = i.failure_count, status = i.status, paused_reason = i.paused_reason, paused_at = i.paused_at,
      probe_step = i.probe_step, next_probe_at = i.next_probe_at,
      waits_until = greatest(s.waits_until, i.waits_until),
      version = s.version + CASE WHEN s.status = i.status THEN 0 ELSE 1 END,
      resumed_version = CASE WHEN s.status = 'paused' AND i.status = 'active' THEN s.version + 1 ELSE s.resumed_version END
    FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::timestamptz[],
                $8::timestamptz[])
           AS i(id, failure_count, status, paused_reason, paused_at, probe_step, next_probe_at, waits_until)
    JOIN posthorn.subscriptions old ON old.id = i.id
    WHERE s.id = i.id
    RETURNING s.space_id AS "spaceId", old.status <> s.status AS turned`,
};

const RESET = {
  name: 'health_reset',
  text: `
    WITH failing AS MATERIALIZED (
      SELECT id FROM posthorn.subscriptions
      WHERE id = ANY($1::uuid[]) AND failure_count > 0 AND status = 'active' AND pause_mode = 'consecutive'
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE posthorn.subscriptions s SET failure_count = 0 FROM failing WHERE s.id = failing.id`,
};

/** Locks these subscriptions until the transaction ends and gives their health by id. Deleted ones are absent. */
export async function lockHealth(sql: Sql, ids: string[]): Promise<Map<string, Health>> {
  const rows = await sql<Health>(LOCK, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Writes what became of subscriptions that this transaction has locked with `lockHealth`. One that turns from
 * active to paused or back gets a new version, and its space's publishers are told.
 */
export async function writeHealth(sql: Sql, changes: HealthChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = await sql<{ spaceId: string; turned: boolean }>(WRITE, [
    changes.map((change) => change.id),
    changes.map((change) => change.failureCount),
    changes.map((change) => change.status),
    changes.map((change) => change.pausedReason),
    changes.map((change) => change.pausedAt),
    changes.map((change) => change.probeStep),
    changes.map((change) => change.nextProbeAt),
    changes.map((change) => change.waitsUntil),
  ]);
  const turned = new Set(rows.filter((row) => row.turned).map((row) => row.spaceId));
  if (turned.size > 0) await bumpRouting(sql, [...turned]);
}

/** Ends a row of failures, except that a pause keeps its count. Writes nothing for subscriptions that have none. */
export async function resetHealth(sql: Sql, ids: string[]): Promise<void> {
  if (ids.length > 0) await sql(RESET, [ids]);
}
