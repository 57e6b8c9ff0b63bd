import { probeDelayMs } from '../core/health.js';
import type { Sql } from '../database/sql.js';

const DUE = {
  name: 'probes_due',
  text: `SELECT id, probe_step AS "probeStep" FROM posthorn.subscriptions
    WHERE next_probe_at <= $1 AND status = 'paused' AND (waits_until IS NULL OR waits_until <= $1)
    ORDER BY next_probe_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED`,
};

const POSTPONE = {
  name: 'probes_postpone',
  text: `UPDATE posthorn.subscriptions s SET next_probe_at = p.at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS p (id, at) WHERE s.id = p.id`,
};

/**
 * The paused subscriptions whose next probe is due and whose endpoint has not asked to wait longer. Each one's
 * following probe is planned at once, so that a probe that gets lost is repeated; a probe that ends plans it anew
 * (`judge-health.ts`).
 */
export async function takeDueProbes(sql: Sql, now: Date): Promise<string[]> {
  const due = await sql<{ id: string; probeStep: number }>(DUE, [now]);
  if (due.length > 0) {
    const next = due.map(({ probeStep }) => new Date(now.getTime() + probeDelayMs(probeStep)));
    await sql(POSTPONE, [due.map(({ id }) => id), next]);
  }
  return due.map(({ id }) => id);
}
