import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Poller } from '../lib/poller.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { WorkSignal } from '../database/work-signal.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import { RoutingTable } from '../endpoints/routing.js';
import { drainSlice } from './drain-slice.js';
import { eraseSlice } from './erase-slice.js';
import { closeErasure } from './erasure-record.js';
import type { JobEntity } from './job.entity.js';
import { GONE, LATER, type EraseRequest, type JobRequest, type JobSlice } from './job.js';
import { endDrainOf, restoreLostOf } from './jobs.service.js';
import { replaySlice } from './replay-slice.js';
import { retrySlice } from './retry-slice.js';

/** How often an idle worker looks for jobs, and how often after a while without any. */
const IDLE_MS = 250;
const QUIET_MS = 1_000;
/** Time for each delivery a slice made: at most 1,000 a second for a job, and for all jobs of one worker. */
const MS_PER_DELIVERY = 1;
/** Time for live traffic between two slices that only scanned. */
const SLICE_PAUSE_MS = 10;
const LATER_MS = 1_000;
const MAX_FAILURES = 10;

const COLUMNS = `id, space_id AS "spaceId", kind, status, dry_run AS "dryRun", request, since_id AS "sinceId",
  until_id AS "untilId", counted, position, total, done, skipped, failures, next_slice_at AS "nextSliceAt",
  per_second AS "perSecond", paused_at AS "pausedAt", created_at AS "createdAt", finished_at AS "finishedAt"`;

const DUE = 'EXISTS (SELECT FROM posthorn.jobs WHERE finished_at IS NULL AND next_slice_at <= $1)';
// One statement without a transaction: most looks find nothing.
const IS_DUE = { name: 'jobs_due', text: `SELECT ${DUE} AS due` };
// Its lock is the lease: it ends with the transaction, or with the worker that held it.
const TAKE = {
  name: 'jobs_take',
  text: `SELECT ${COLUMNS} FROM posthorn.jobs WHERE finished_at IS NULL AND next_slice_at <= $1
    ORDER BY next_slice_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
};
const KEEP = {
  name: 'jobs_keep',
  text: `UPDATE posthorn.jobs SET status = $2, counted = $3, position = $4, total = $5, done = $6, failures = 0,
      next_slice_at = $7, finished_at = $8, skipped = $9, request = $10 WHERE id = $1`,
};
const PUT_OFF = { name: 'jobs_put_off', text: `UPDATE posthorn.jobs SET next_slice_at = $2 WHERE id = $1` };
const FAIL = {
  name: 'jobs_fail',
  text: `UPDATE posthorn.jobs SET failures = failures + 1,
      next_slice_at = $2::timestamptz + least(power(2, failures), 60) * interval '1 second',
      status = CASE WHEN failures + 1 >= ${MAX_FAILURES} THEN 'failed' ELSE status END,
      finished_at = CASE WHEN failures + 1 >= ${MAX_FAILURES} THEN $2::timestamptz END
    WHERE id = $1 AND finished_at IS NULL RETURNING status, request, done`,
};

/**
 * Carries jobs out, a slice at a time. What a slice makes and how far the job has come commit together, so a job makes
 * nothing twice and leaves nothing out, whatever dies in between; the next slice may be any worker's.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('jobs');
  private readonly poller = new Poller(() => this.step());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly queue: DeliveryQueue,
    private readonly work: WorkSignal,
  ) {}

  onApplicationBootstrap(): void {
    this.work.register({ name: 'jobs', isDue: DUE, wake: () => this.poller.wake() });
    this.poller.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Does the next slice of the job that has waited longest. Gives for how long to rest, milliseconds. */
  async step(): Promise<number> {
    let taken: JobEntity | undefined;
    try {
      const [look] = await this.database.sql<{ due: boolean }>(IS_DUE, [this.clock.date()]);
      if (!look?.due) return this.restMs;
      this.work.found();
      const outcome = await this.database.transaction(async (sql) => {
        [taken] = await sql<JobEntity>(TAKE, [this.clock.date()]);
        return taken ? this.slice(sql, taken) : null;
      });
      if (outcome === null) return this.restMs;
      this.queue.enqueue(outcome.due);
      return outcome.rest;
    } catch (error) {
      this.logger.error({ msg: 'jobs.slice_failed', job: taken?.id, error: (error as Error).message });
      if (taken) await this.fail(taken).catch(() => undefined);
      return LATER_MS;
    }
  }

  private get restMs(): number {
    return this.work.restMs(IDLE_MS, QUIET_MS);
  }

  private async slice(sql: Sql, job: JobEntity): Promise<{ due: JobSlice['due']; rest: number }> {
    const now = this.clock.date();
    const { request } = job;
    if (request.kind === 'erase') {
      const { job: next, restMs } = await eraseSlice(sql, job, request, now);
      await this.keep(sql, next, new Date(now.getTime() + restMs));
      return { due: [], rest: SLICE_PAUSE_MS };
    }
    const slice = await this.sliceOf(sql, job, request, now);
    if (slice === LATER) {
      await sql(PUT_OFF, [job.id, new Date(now.getTime() + LATER_MS)]);
      return { due: [], rest: SLICE_PAUSE_MS };
    }
    if (slice === GONE) {
      await this.keep(sql, { ...job, status: 'cancelled', finishedAt: now }, now);
      return { due: [], rest: 0 };
    }
    const rest = SLICE_PAUSE_MS + (job.counted ? slice.found * MS_PER_DELIVERY : 0);
    const pause = job.counted ? Math.max(rest, paceMs(slice.found, job.perSecond)) : rest;
    await this.keep(sql, after(job, slice, now), new Date(now.getTime() + pause));
    return { due: slice.due, rest };
  }

  private sliceOf(
    sql: Sql,
    job: JobEntity,
    request: Exclude<JobRequest, EraseRequest>,
    now: Date,
  ): Promise<JobSlice | typeof LATER | typeof GONE> {
    if (request.kind === 'replay') return replaySlice(sql, this.routing, job, request, now);
    return request.kind === 'drain' ? drainSlice(sql, job, request, now) : retrySlice(sql, job, request, now);
  }

  /** What ends with the job does so in the same transaction: nobody looks at a job that has ended. */
  private fail(job: JobEntity): Promise<void> {
    return this.database.transaction(async (sql) => {
      const [row] = await sql<Pick<JobEntity, 'status' | 'request' | 'done'>>(FAIL, [
        job.id,
        this.clock.date(),
      ]);
      if (job.kind === 'erase') await closeErasure(sql, job.id);
      if (row?.status !== 'failed') return;
      await endDrainOf(sql, job);
      await restoreLostOf(sql, row);
    });
  }

  private async keep(sql: Sql, job: JobEntity, nextSliceAt: Date): Promise<void> {
    const { id, status, counted, position, total, done, finishedAt, skipped, request } = job;
    await sql(KEEP, [
      ...[id, status, counted, position, total, done, nextSliceAt, finishedAt],
      ...[skipped, request],
    ]);
    if (!job.finishedAt) return;
    await endDrainOf(sql, job);
    this.logger.log({ msg: 'jobs.finished', job: id, kind: job.kind, status, total, done });
  }
}

/** For how long a job's own pace makes it wait after so many deliveries, milliseconds. */
function paceMs(made: number, perSecond: number | null): number {
  return perSecond === null ? 0 : (made / perSecond) * 1_000;
}

/** The job with one more slice behind it. */
function after(job: JobEntity, { found, position, skipped = 0 }: JobSlice, now: Date): JobEntity {
  const next: JobEntity = { ...job, status: 'running', position: position ?? job.untilId };
  if (job.counted) next.done += found;
  else {
    next.total += found;
    next.skipped += skipped;
  }
  if (position !== null) return next;
  if (job.counted || job.dryRun || next.total === 0) {
    // What became ready or was taken away between the two walks is not missing.
    if (job.counted) next.total = next.done;
    return { ...next, counted: true, status: 'completed', finishedAt: now };
  }
  return { ...next, counted: true, position: job.sinceId };
}
