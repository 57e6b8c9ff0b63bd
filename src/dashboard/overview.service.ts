import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Histogram } from '../lib/histogram.js';
import { Database } from '../database/database.js';
import { readOutcomes, type OutcomeCounts, type OutcomeStep } from '../deliveries/outcome-counts.js';
import { countWaiting } from '../deliveries/waiting.js';
import { countByHealth, findFailingEndpoints } from '../endpoints/failing-endpoints.js';
import { failingViews } from './failing-views.js';
import type { BucketView, LatencyView, OverviewView, PausedView, Window } from './overview.dto.js';

export const WINDOW_BUCKETS: Record<Window, { step: OutcomeStep; buckets: number }> = {
  '1h': { step: 60, buckets: 60 },
  '24h': { step: 900, buckets: 96 },
  '7d': { step: 7_200, buckets: 84 },
};
const MAX_FAILING = 10;

/** How a space is doing. Every part of it reads a bounded number of rows, however many deliveries there are. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async read(spaceId: string, window: Window): Promise<OverviewView> {
    const { sql } = this.database;
    const { step, buckets } = WINDOW_BUCKETS[window];
    const now = this.clock.now();
    const first = now - (now % (step * 1_000)) - (buckets - 1) * step * 1_000;
    const [outcomes, { capped, ...waiting }, endpoints, worst] = await Promise.all([
      readOutcomes(sql, spaceId, step, new Date(first)),
      countWaiting(sql, spaceId),
      countByHealth(sql, spaceId),
      findFailingEndpoints(sql, spaceId, MAX_FAILING).then((rows) =>
        failingViews(sql, rows, this.clock.date()),
      ),
    ]);
    const times = Array.from({ length: buckets }, (_, index) => first + index * step * 1_000);
    return {
      buckets: inBuckets(outcomes, times),
      latency: timesOf(outcomes.map(({ latency }) => latency)),
      paused: pausedOf(outcomes),
      waiting,
      capped,
      endpoints,
      worst,
    };
  }
}

function inBuckets(outcomes: OutcomeCounts[], times: number[]): BucketView[] {
  const byTime = new Map(outcomes.map((one) => [one.at.getTime(), one]));
  return times.map((time) => {
    const { succeeded = 0, failed = 0, retried = 0 } = byTime.get(time) ?? {};
    return { at: new Date(time).toISOString(), succeeded, failed, retried };
  });
}

function timesOf(counts: number[][]): LatencyView | null {
  const all = new Histogram();
  for (const each of counts) all.merge(each);
  const of = (share: number) => all.percentile(share);
  const [p50, p95, p99] = [of(0.5), of(0.95), of(0.99)];
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
}

function pausedOf(outcomes: OutcomeCounts[]): PausedView | null {
  const counts = outcomes.flatMap(({ paused }) => (paused ? [paused] : []));
  const times = timesOf(counts);
  return times && { count: counts.flat().reduce((sum, count) => sum + count, 0), ...times };
}
