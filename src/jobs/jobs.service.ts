import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, type EntityManager, type Repository } from 'typeorm';
import type { Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Conflict, LimitReached, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId, uuidFloor } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { ListShape } from '../database/list-statement.js';
import { managerSql, type Sql } from '../database/sql.js';
import { DAY_MS } from '../database/partitions.js';
import { endDrain } from '../endpoints/drains.js';
import { restoreLosses } from '../endpoints/losses.js';
import { subjectHash } from '../event-store/subject.js';
import { idAt } from '../http/time-range.dto.js';
import { checkLimitForOneMore, counted } from '../spaces/space-limits.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { closeErasure } from './erasure-record.js';
import type { JobChanges } from './job.dto.js';
import { JobEntity } from './job.entity.js';
import { NEVER, type JobRequest } from './job.js';

/** The time range of a job, ISO 8601; absent: from the beginning, until now. */
export interface JobRange {
  since?: string | undefined;
  until?: string | undefined;
}

/** How a job is started. */
export interface JobStart {
  dryRun: boolean;
  perSecond?: number | null | undefined;
  delaySeconds?: number | undefined;
}

const OPEN_JOBS = counted(
  'openJobs',
  'jobs under way',
  'posthorn.jobs',
  'space_id = $1 AND finished_at IS NULL',
);

/** Ids are made by the clocks of many machines. What was published just before an erasure belongs to it, too. */
const SKEW_MS = 1_000;

/** Creates, lists and cancels the jobs of spaces. Workers run them (`job-runner.ts`). */
@Injectable()
export class JobsService {
  private readonly jobs: Repository<JobEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.jobs = database.source.getRepository(JobEntity);
  }

  /**
   * Creates a job for the workers, and deletes those that ended before retention. Throws Conflict when there are too
   * many. `also` is done in the same transaction.
   */
  async add(
    space: SpaceRef,
    request: JobRequest,
    window: JobRange,
    { dryRun, perSecond = null, delaySeconds = 0 }: JobStart,
    also: (sql: Sql, job: JobEntity) => Promise<void> = () => Promise.resolve(),
  ): Promise<JobEntity> {
    const now = this.clock.date();
    const id = newUuid(now.getTime());
    const latest = request.kind === 'erase' ? uuidFloor(now.getTime() + SKEW_MS) : id;
    const { since, until } = this.idsOf(window, latest);
    const expired = new Date(now.getTime() - this.settings.retentionDays * DAY_MS);
    await this.jobs.delete({ spaceId: space.id, finishedAt: LessThan(expired) });
    const job = this.jobs.create({
      ...{ id, spaceId: space.id, kind: request.kind, status: 'pending' as const, dryRun, request },
      ...{ sinceId: since, untilId: until, position: since, counted: false },
      ...{ total: 0, done: 0, skipped: 0, failures: 0, perSecond, pausedAt: null, createdAt: now },
      ...{ nextSliceAt: new Date(now.getTime() + delaySeconds * 1_000), finishedAt: null },
    });
    await this.database.managerTransaction(async (manager) => {
      await this.admit(managerSql(manager), space);
      await manager.insert(JobEntity, job);
      await this.record(managerSql(manager), space, job, { verb: 'create', after: factsOf(job, window) });
      await also(managerSql(manager), job);
    });
    return job;
  }

  private async admit(sql: Sql, space: SpaceRef): Promise<void> {
    try {
      await checkLimitForOneMore(sql, this.settings, space.id, OPEN_JOBS);
    } catch (error) {
      throw error instanceof LimitReached ? new Conflict('too_many_jobs', error.message) : error;
    }
  }

  /** The window as ids. It ends now at the latest: a job never meets what it made itself. */
  idsOf({ since, until }: JobRange, latest = newUuid(this.clock.now())): { since: string; until: string } {
    const end = until === undefined ? latest : idAt(until);
    return {
      since: since === undefined ? uuidFloor(0) : idAt(since),
      until: end < latest ? end : latest,
    };
  }

  list(
    space: SpaceRef,
    { after, order, limit }: Pick<ListShape, 'after' | 'order' | 'limit'>,
  ): Promise<JobEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    return this.jobs.find({
      where: { spaceId: space.id, ...(after && { id: beyond(after) }) },
      order: { id: order },
      take: limit,
    });
  }

  /** `ref` is a `job_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<JobEntity> {
    const id = parsePublicId('job', ref);
    const job = id === null ? null : await this.jobs.findOneBy({ id, spaceId: space.id });
    if (!job) throw new NotFound('job');
    return job;
  }

  private async cancelIn(manager: EntityManager, space: SpaceRef, id: string): Promise<number | undefined> {
    const open = { id, finishedAt: IsNull() };
    const job = await manager.findOne(JobEntity, { where: open, lock: { mode: 'pessimistic_write' } });
    if (!job) return 0;
    const cancelled = { status: 'cancelled' as const, finishedAt: this.clock.date() };
    const { affected } = await manager.update(JobEntity, open, cancelled);
    const before = { kind: job.kind, status: job.status, done: job.done };
    const change = { verb: 'cancel', before, after: { status: 'cancelled' } };
    await this.record(managerSql(manager), space, job, change);
    await endDrainOf(managerSql(manager), job);
    await restoreLostOf(managerSql(manager), job);
    await closeErasure(managerSql(manager), id);
    return affected;
  }

  /** Changes the pace of a job under way. Throws NotFound, and Conflict when it is finished or an erasure. */
  async change(space: SpaceRef, ref: string, changes: JobChanges): Promise<JobEntity> {
    const { id, kind } = await this.find(space, ref);
    if (kind === 'erase') throw new Conflict('job_has_no_pace', 'An erasure can only be cancelled.');
    await this.database.managerTransaction(async (manager) => {
      const open = { id, finishedAt: IsNull() };
      const job = await manager.findOne(JobEntity, { where: open, lock: { mode: 'pessimistic_write' } });
      if (!job) throw finished('changed', (await manager.findOneBy(JobEntity, { id }))?.status);
      const now = this.clock.date();
      const next = paced(job, changes, now);
      await manager.update(JobEntity, open, next);
      const before = { kind, perSecond: job.perSecond, paused: job.pausedAt !== null };
      const after = { perSecond: next.perSecond, paused: next.pausedAt !== null };
      await this.record(managerSql(manager), space, job, { verb: 'update', before, after });
    });
    return this.find(space, ref);
  }

  private record(
    sql: Sql,
    { id: spaceId, by }: SpaceRef,
    { id }: JobEntity,
    change: { verb: string; before?: Facts; after: Facts },
  ): Promise<void> {
    const target = { type: 'job' as const, id: publicId('job', id) };
    return recordChange(sql, this.clock.now(), { spaceId, by, target, ...change });
  }

  /** Stops a job; what it made stays. Throws NotFound, and Conflict when it is finished. */
  async cancel(space: SpaceRef, ref: string): Promise<JobEntity> {
    const { id } = await this.find(space, ref);
    const affected = await this.database.managerTransaction((manager) => this.cancelIn(manager, space, id));
    const job = await this.find(space, ref);
    if (affected === 0) {
      throw finished('cancelled', job.status);
    }
    return job;
  }
}

function finished(what: string, status = 'gone'): Conflict {
  return new Conflict('job_finished', `Only an unfinished job can be ${what}; this one is ${status}.`);
}

/** A job with another pace goes on at once; one that was to begin later, when it was to begin. */
function paced(
  job: JobEntity,
  { perSecond = job.perSecond, paused = job.pausedAt !== null }: JobChanges,
  now: Date,
): Pick<JobEntity, 'perSecond' | 'pausedAt' | 'nextSliceAt'> {
  if (paused) return { perSecond, pausedAt: job.pausedAt ?? now, nextSliceAt: NEVER };
  const isDelayed = job.status === 'pending' && job.pausedAt === null;
  return { perSecond, pausedAt: null, nextSliceAt: isDelayed ? job.nextSliceAt : now };
}

/** What is still held after a drain is the workers' again. */
export async function endDrainOf(
  sql: Sql,
  { id, request }: Pick<JobEntity, 'id' | 'request'>,
): Promise<void> {
  if (request.kind === 'drain') await endDrain(sql, request.subscriptionId, id);
}

/** What a replay that ends early was to send again, and has not sent, is lost as before. */
export async function restoreLostOf(
  sql: Sql,
  { request, done }: Pick<JobEntity, 'request' | 'done'>,
): Promise<void> {
  if (request.kind !== 'replay' || !request.forgot) return;
  const { subscriptionId, forgot } = request;
  const count = forgot.count - done;
  if (count > 0) await restoreLosses(sql, subscriptionId, { ...forgot, count });
}

/** What a job was asked to do, with ids as the API has them. The subject of an erasure is a hash. */
function factsOf(
  { spaceId, kind, dryRun, request, perSecond }: JobEntity,
  { since, until }: JobRange,
): Facts {
  if (request.kind === 'erase') {
    const { mode, all, subject } = request;
    const events = request.events?.map((id) => publicId('evt', id)) ?? null;
    const subjectSha256 = subject === null ? null : subjectHash(spaceId, subject);
    return { kind, dryRun, mode, all, events, subjectSha256, since, until };
  }
  const { subscriptionId } = request;
  const subscription = subscriptionId === null ? null : publicId('sub', subscriptionId);
  if (request.kind === 'replay') {
    const { statuses, eventTypes, sourceId } = request;
    const source = sourceId === undefined ? subscription : publicId('sub', sourceId);
    return { kind, dryRun, subscription, source, since, until, statuses, eventTypes, perSecond };
  }
  if (request.kind === 'drain') return { kind, subscription, perSecond };
  const event = request.eventId === null ? null : publicId('evt', request.eventId);
  return {
    kind,
    dryRun,
    subscription,
    event,
    type: request.type,
    status: request.status,
    since,
    until,
    perSecond,
  };
}
