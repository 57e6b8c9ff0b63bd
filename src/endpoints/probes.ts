import { hasWeakEvidence, probeDelayMs, stepWithoutProbe, type Evidence } from '../core/health.js';
import type { Sql } from '../database/sql.js';

const IS_DUE = `next_probe_at <= $1 AND status = 'paused' AND (waits_until IS NULL OR waits_until <= $1)`;

/** SQL for whether a probe is due at `$1`. */
export const HAS_DUE_PROBE = `EXISTS (SELECT FROM posthorn.subscriptions WHERE ${IS_DUE})`;

const DUE = {
  name: 'probes_due',
  text: `SELECT id, probe_step AS "probeStep", timeout_ms AS "timeoutMs", pause_unit AS "pauseUnit",
      first_failure_at AS "firstFailureAt", paused_at AS "pausedAt"
    FROM posthorn.subscriptions
    WHERE ${IS_DUE}
    ORDER BY next_probe_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED`,
};

const PLAN = {
  name: 'probes_plan',
  text: `UPDATE posthorn.subscriptions s SET probe_step = p.step, next_probe_at = p.at
    FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS p (id, step, at) WHERE s.id = p.id`,
};

/** Time for a probe beyond its own limit, milliseconds, before another one is sent. */
const MARGIN_MS = 5_000;

interface DueProbe extends Evidence {
  id: string;
  probeStep: number;
  timeoutMs: number;
}

/**
 * Probes the paused subscriptions whose time has come and whose endpoint has not asked to wait longer. `take` lets one
 * held delivery leave; null: there is none. Each one's following probe is planned at once, so that a probe that gets
 * lost is repeated; a probe that ends plans it anew (`judge-health.ts`).
 */
export async function probeDueSubscriptions<Probe>(
  sql: Sql,
  now: Date,
  take: (subscriptionId: string) => Promise<Probe | null>,
): Promise<Probe[]> {
  const due = await sql<DueProbe>(DUE, [now]);
  const probes: Probe[] = [];
  const plans: { id: string; step: number; at: Date }[] = [];
  for (const { id, probeStep, timeoutMs, ...evidence } of due) {
    const probe = await take(id);
    if (probe !== null) probes.push(probe);
    const isWeak = hasWeakEvidence(evidence);
    const step = probe === null ? stepWithoutProbe(probeStep, isWeak) : probeStep;
    const delay = probeDelayMs(step, isWeak);
    const rest = probe === null ? delay : Math.max(delay, timeoutMs + MARGIN_MS);
    plans.push({ id, step, at: new Date(now.getTime() + rest) });
  }
  if (plans.length > 0)
    await sql(PLAN, [plans.map(({ id }) => id), plans.map(({ step }) => step), plans.map(({ at }) => at)]);
  return probes;
}
