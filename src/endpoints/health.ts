import type {
  OnExhausted,
  PausedReason,
  PauseMode,
  PauseUnit,
  Recovery,
  SubscriptionStatus,
  WhilePaused,
} from '../core/domain-types.js';
import { withEndedPause } from './ended-pause.js';
import type { Sql } from '../database/sql.js';
import { bumpRouting } from '../spaces/routing-version.js';

/** What every batch of attempts on an endpoint may change of its subscription. */
export interface HealthState {
  status: SubscriptionStatus;
  pausedReason: PausedReason | null;
  pausedAt: Date | null;
  /** What counts towards a pause and has since the last success. */
  failureCount: number;
  /** The first of these failures; null: there is none, or it is not known. */
  firstFailureAt: Date | null;
  /** The last failure, whether it counted or not. */
  lastFailureAt: Date | null;
  /** The first success after a failure, the last time there was one. */
  lastRecoveryAt: Date | null;
  /** How many probes were sent since the pause. */
  probeStep: number;
  nextProbeAt: Date | null;
  /** Until when the endpoint asked to be left alone, and when it did. */
  waitsUntil: Date | null;
  waitsSince: Date | null;
}

/** What an endpoint's recent answers made of its subscription, and the rules it is judged by. */
export interface Health extends HealthState {
  id: string;
  spaceId: string;
  pauseAfter: number | null;
  pauseAfterSeconds: number;
  pauseUnit: PauseUnit;
  pauseMode: PauseMode;
  whilePaused: WhilePaused;
  recovery: Recovery;
  onExhausted: OnExhausted;
  version: number;
  /** The version that the last resume made; 0 before the first. */
  resumedVersion: number;
}

/** Deliveries of one subscription that used up their schedule and are lost unless somebody sends them again. */
export interface Loss {
  count: number;
  /** When the event of the oldest of them was published. */
  since: Date;
  /** When the first and the last of them failed. */
  firstAt: Date;
  lastAt: Date;
}

/** A new health, which replaces the old one, and what was lost besides what is known. */
export interface HealthChange extends HealthState {
  id: string;
  lost: Loss | null;
}

/** A subscription whose endpoint answered well again after deliveries were lost. */
export interface RecoveredLoss {
  id: string;
  spaceId: string;
  count: number;
  since: Date;
}

// Locks in the order of ids: two settling transactions that share endpoints wait for each other, never in a circle.
const LOCK = {
  name: 'health_lock',
  text: `
    SELECT id, space_id AS "spaceId", status, paused_reason AS "pausedReason", paused_at AS "pausedAt",
      failure_count AS "failureCount", first_failure_at AS "firstFailureAt", last_failure_at AS "lastFailureAt",
      last_recovery_at AS "lastRecoveryAt", pause_after AS "pauseAfter", pause_after_seconds AS "pauseAfterSeconds",
      pause_unit AS "pauseUnit", pause_mode AS "pauseMode", while_paused AS "whilePaused", recovery,
      on_exhausted AS "onExhausted", probe_step AS "probeStep", next_probe_at AS "nextProbeAt",
      waits_until AS "waitsUntil", waits_since AS "waitsSince", version, resumed_version AS "resumedVersion"
    FROM posthorn.subscriptions WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
};

/** Whether this write or an earlier one was the first since a loss in which the endpoint answered well. SQL. */
const NEWS = (before: string) =>
  `s.lost_count > 0 AND s.last_recovery_at >= s.lost_last_at AND s.lost_last_at > coalesce(${before}, '-infinity')`;
const RECOVERED = `s.id, s.space_id AS "spaceId", s.lost_count AS count, s.lost_since AS since`;

const WRITE = {
  name: 'health_write',
  text: `
    UPDATE posthorn.subscriptions s SET
      failure_count = i.failure_count, first_failure_at = i.first_failure_at, last_failure_at = i.last_failure_at,
      last_recovery_at = i.last_recovery_at,
      recent_pauses = CASE WHEN s.status = 'paused' AND i.status = 'active'
        THEN ${withEndedPause('s', 'i.last_recovery_at')} ELSE s.recent_pauses END,
      status = i.status, paused_reason = i.paused_reason, paused_at = i.paused_at,
      probe_step = i.probe_step, next_probe_at = i.next_probe_at,
      waits_until = i.waits_until, waits_since = i.waits_since,
      lost_count = s.lost_count + i.lost_count, lost_since = least(s.lost_since, i.lost_since),
      lost_first_at = least(s.lost_first_at, i.lost_first_at), lost_last_at = greatest(s.lost_last_at, i.lost_last_at),
      version = s.version + CASE WHEN s.status = i.status THEN 0 ELSE 1 END,
      resumed_version = CASE WHEN s.status = 'paused' AND i.status = 'active' THEN s.version + 1
        ELSE s.resumed_version END
    FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::timestamptz[],
                $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
                $13::int[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[])
           AS i(id, failure_count, status, paused_reason, paused_at, probe_step, next_probe_at, waits_until,
             waits_since,
                first_failure_at, last_failure_at, last_recovery_at, lost_count, lost_since, lost_first_at,
                  lost_last_at)
    JOIN posthorn.subscriptions old ON old.id = i.id
    WHERE s.id = i.id
    RETURNING ${RECOVERED}, old.status <> s.status AS turned, ${NEWS('old.last_recovery_at')} AS recovered`,
};

/** SQL for whether a subscription has failures that its next success ends. */
export const HAS_FAILURES = `(last_failure_at >= coalesce(last_recovery_at, '-infinity')
  OR failure_count > 0 AND status = 'active' AND pause_mode = 'consecutive')`;

// The first success after a failure is written, no other. Another worker may have written later failures before it:
// they remain. How many there are is not known where earlier ones are counted, too: one at least.
const RESET = {
  name: 'health_reset',
  text: `
    WITH failing AS MATERIALIZED (
      SELECT s.id, s.last_recovery_at, i.at, s.status = 'active' AND s.pause_mode = 'consecutive' AS forgives,
        i.at >= coalesce(s.last_failure_at, '-infinity') AS is_last
      FROM posthorn.subscriptions s JOIN unnest($1::uuid[], $2::timestamptz[]) AS i (id, at) ON i.id = s.id
      WHERE ${HAS_FAILURES} AND i.at >= coalesce(s.first_failure_at, '-infinity')
      ORDER BY s.id FOR NO KEY UPDATE OF s
    )
    UPDATE posthorn.subscriptions s SET
      last_recovery_at = CASE WHEN is_last THEN greatest(at, last_failure_at + interval '1 millisecond')
        ELSE greatest(at, s.last_recovery_at) END,
      failure_count = CASE WHEN NOT forgives THEN failure_count WHEN is_last THEN 0 ELSE 1 END,
      first_failure_at = CASE WHEN NOT forgives THEN first_failure_at WHEN is_last THEN NULL ELSE last_failure_at END
    FROM failing WHERE s.id = failing.id
    RETURNING ${RECOVERED}, ${NEWS('failing.last_recovery_at')} AS recovered`,
};

/** Locks these subscriptions until the transaction ends and gives their health by id. Deleted ones are absent. */
export async function lockHealth(sql: Sql, ids: string[]): Promise<Map<string, Health>> {
  const rows = await sql<Health>(LOCK, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Writes what became of subscriptions that this transaction has locked with `lockHealth`. One that turns from
 * active to paused or back gets a new version, and its space's publishers are told. Gives those that answer well again
 * after deliveries were lost.
 */
export async function writeHealth(sql: Sql, changes: HealthChange[]): Promise<RecoveredLoss[]> {
  if (changes.length === 0) return [];
  const rows = await sql<RecoveredLoss & { turned: boolean; recovered: boolean | null }>(WRITE, [
    changes.map((change) => change.id),
    changes.map((change) => change.failureCount),
    changes.map((change) => change.status),
    changes.map((change) => change.pausedReason),
    changes.map((change) => change.pausedAt),
    changes.map((change) => change.probeStep),
    changes.map((change) => change.nextProbeAt),
    changes.map((change) => change.waitsUntil),
    changes.map((change) => change.waitsSince),
    changes.map((change) => change.firstFailureAt),
    changes.map((change) => change.lastFailureAt),
    changes.map((change) => change.lastRecoveryAt),
    changes.map(({ lost }) => lost?.count ?? 0),
    changes.map(({ lost }) => lost?.since ?? null),
    changes.map(({ lost }) => lost?.firstAt ?? null),
    changes.map(({ lost }) => lost?.lastAt ?? null),
  ]);
  const turned = new Set(rows.filter((row) => row.turned).map((row) => row.spaceId));
  if (turned.size > 0) await bumpRouting(sql, [...turned]);
  return rows.filter((row) => row.recovered);
}

/**
 * Ends rows of failures, except that a pause keeps its count. Writes nothing for subscriptions that have none. `at`:
 * when the subscription's last success was over. Gives those that answer well again after deliveries were lost.
 */
export async function resetHealth(
  sql: Sql,
  successes: readonly { id: string; at: Date }[],
): Promise<RecoveredLoss[]> {
  if (successes.length === 0) return [];
  const rows = await sql<RecoveredLoss & { recovered: boolean | null }>(RESET, [
    successes.map(({ id }) => id),
    successes.map(({ at }) => at),
  ]);
  return rows.filter((row) => row.recovered);
}
