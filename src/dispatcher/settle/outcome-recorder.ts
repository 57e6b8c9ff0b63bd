import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Histogram } from '../../lib/histogram.js';
import { uuidTime } from '../../core/ids.js';
import { Database } from '../../database/database.js';
import {
  addOutcomes,
  forgetOutcomes,
  OUTCOME_STEPS,
  type OutcomeCounts,
} from '../../deliveries/outcome-counts.js';
import { AttemptFeed, type AttemptNotice } from './attempt-feed.js';

const FLUSH_MS = 1_000;
/** Spaces and minutes that one statement adds: each is an update of three rows with arrays. */
const SLICE = 200;
/** After a slice the next waits for so many times as long as it took: counting takes a tenth of a core at the most. */
const REST = 9;
const FORGET_MS = 3_600_000;
/** Spaces and minutes kept while the database is away; further counts are dropped. */
const MAX_KEPT = 20_000;

interface Counted extends Pick<OutcomeCounts, 'spaceId' | 'succeeded' | 'failed' | 'retried'> {
  /** When its minute begins, milliseconds. */
  at: number;
  latency: Histogram;
  paused: Histogram | null;
}

/**
 * Counts the results of this worker's attempts in memory and adds them to the overview's rows once a second, later
 * where very many spaces are busy at once. They are statistics: a worker that dies loses what it has not written, and
 * no attempt waits for them.
 */
@Injectable()
export class OutcomeRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('outcomes');
  private readonly counted = new Map<string, Counted>();
  /** The last one used: the next attempt is mostly of the same space and minute. */
  private latest: Counted | null = null;
  private forgetting: NodeJS.Timeout | undefined;
  private next: NodeJS.Timeout | undefined;
  private isStopped = false;
  private flushing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly feed: AttemptFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.feed.onAttempt((notice) => this.count(notice));
    const forget = () => void forgetOutcomes(this.database.sql, this.clock.date()).catch(() => undefined);
    this.forgetting = setInterval(forget, FORGET_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.forgetting);
    clearTimeout(this.next);
    await this.flush();
  }

  private flushLater(afterMs: number): void {
    if (this.isStopped) return;
    this.next ??= setTimeout(() => {
      const from = performance.now();
      const writing = this.flushing.then(() => this.write());
      this.flushing = writing;
      void writing.then((isWritten) => {
        this.next = undefined;
        const isLeft = isWritten && this.counted.size >= SLICE;
        if (this.counted.size > 0) this.flushLater(isLeft ? (performance.now() - from) * REST : FLUSH_MS);
      });
    }, afterMs);
  }

  /** Writes all that was counted so far; one write at a time. */
  async flush(): Promise<void> {
    const slices = Math.ceil(this.counted.size / SLICE);
    for (let n = 0; n < slices; n += 1) this.flushing = this.flushing.then(() => this.write());
    await this.flushing;
  }

  private count(notice: AttemptNotice): void {
    const { spaceId, status, endedAt } = notice;
    const at = endedAt - (endedAt % 60_000);
    const { latest } = this;
    const counted = latest?.spaceId === spaceId && latest.at === at ? latest : this.countedOf(spaceId, at);
    if (!counted) return;
    this.latest = counted;
    if (status === 'failed') counted.failed += 1;
    else if (status !== 'succeeded') counted.retried += 1;
    else {
      counted.succeeded += 1;
      countTime(counted, notice);
    }
  }

  /** Null when there are too many. */
  private countedOf(spaceId: string, at: number): Counted | null {
    const key = `${spaceId}${at}`;
    let counted = this.counted.get(key);
    if (!counted) {
      if (this.counted.size >= MAX_KEPT) return null;
      counted = { spaceId, at, succeeded: 0, failed: 0, retried: 0, latency: new Histogram(), paused: null };
      this.counted.set(key, counted);
      this.flushLater(FLUSH_MS);
    }
    return counted;
  }

  /** Whether a slice was written. Else its counts are kept. */
  private async write(): Promise<boolean> {
    const taken = [...this.counted].slice(0, SLICE);
    for (const [key] of taken) this.counted.delete(key);
    this.latest = null;
    try {
      await addOutcomes(this.database.sql, inSteps(taken.map(([, counted]) => counted)));
      return true;
    } catch (error) {
      this.logger.warn({ msg: 'outcomes.write_failed', error: (error as Error).message });
      for (const [key, counted] of taken) this.putBack(key, counted);
      return false;
    }
  }

  /** Adds what was counted under the same key meanwhile. */
  private putBack(key: string, counted: Counted): void {
    const since = this.counted.get(key);
    if (since) addTo(counted, since);
    this.counted.set(key, counted);
    this.latest = null;
  }
}

function addTo(counted: Counted, { succeeded, failed, retried, latency, paused }: Counted): void {
  counted.succeeded += succeeded;
  counted.failed += failed;
  counted.retried += retried;
  counted.latency.merge(latency.counts);
  if (paused) (counted.paused ??= new Histogram()).merge(paused.counts);
}

/**
 * How long the event took, without the time that its publisher wanted it to wait, and that its endpoint was paused. A
 * replay or a manual retry says nothing about how fast events are delivered.
 */
function countTime(counted: Counted, notice: AttemptNotice): void {
  const { eventId, trigger, attemptTrigger, deliverAt, pausedMs, endedAt } = notice;
  if (trigger !== 'event' || attemptTrigger === 'manual') return;
  const dueAt = Math.max(uuidTime(eventId), deliverAt?.getTime() ?? 0);
  counted.latency.add(Math.max(0, endedAt - dueAt - pausedMs));
  if (pausedMs > 0) (counted.paused ??= new Histogram()).add(pausedMs);
}

/** Adds each minute to each longer period, and sums up those of a period: a statement may update a row only once. */
function inSteps(minutes: Counted[]): OutcomeCounts[] {
  const rows = new Map<string, OutcomeCounts & { latency: number[] }>();
  for (const { spaceId, at, succeeded, failed, retried, latency, paused } of minutes) {
    for (const step of OUTCOME_STEPS) {
      const begin = at - (at % (step * 1_000));
      const key = `${spaceId}${step}/${begin}`;
      const row = rows.get(key);
      if (!row) {
        rows.set(key, {
          spaceId,
          step,
          at: new Date(begin),
          succeeded,
          failed,
          retried,
          latency: [...latency.counts],
          paused: paused && [...paused.counts],
        });
        continue;
      }
      row.succeeded += succeeded;
      row.failed += failed;
      row.retried += retried;
      new Histogram(row.latency).merge(latency.counts);
      if (paused) new Histogram((row.paused ??= new Histogram().counts)).merge(paused.counts);
    }
  }
  return [...rows.values()];
}
