import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan, Raw, type Repository } from 'typeorm';
import { Invalid, NotFound, type Issue } from '../core/errors.js';
import { parsePublicId, publicId, uuidTime } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { ListShape } from '../database/list-statement.js';
import { findEventIds } from '../event-store/event-keys.js';
import { findHoldOn, onHold, shareHolds } from '../event-store/legal-holds.js';
import { subjectHash } from '../event-store/subject.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { ErasureInput } from './erasure.dto.js';
import { ErasureEntity } from './erasure.entity.js';
import { NOTHING, type ErasureCriteria } from './erasure.js';
import { insertErasure } from './erasure-record.js';
import type { JobEntity } from './job.entity.js';
import type { EraseRequest } from './job.js';
import { JobsService } from './jobs.service.js';

/** Accepts erasures, and has the records of them. */
@Injectable()
export class ErasuresService {
  private readonly records: Repository<ErasureEntity>;

  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
  ) {
    this.records = database.source.getRepository(ErasureEntity);
  }

  /** Throws Invalid, and Conflict for a legal hold or too many jobs. */
  async start(space: SpaceRef, input: ErasureInput, requestedBy: string): Promise<ErasureEntity> {
    const issues = issuesOf(input);
    if (issues.length > 0) throw new Invalid(issues);
    const { mode, all, dryRun, since, until } = input;
    const events = input.events === undefined ? null : await this.idsOf(space, input.events);
    const subject = input.subjectId ?? null;
    const request: EraseRequest = { kind: 'erase', mode, all, events, subject, walk: 'count' };
    let record: ErasureEntity | undefined;
    await this.jobs.add(space, request, { since, until }, { dryRun }, async (sql, job) => {
      await shareHolds(sql);
      const selection = { spaceId: space.id, since: job.sinceId, until: job.untilId, events, subject };
      const hold = await findHoldOn(sql, selection);
      if (hold) throw onHold(hold);
      record = recordOf(job, request, requestedBy);
      await insertErasure(sql, record);
    });
    return record as ErasureEntity;
  }

  list(
    space: SpaceRef,
    subject: string | undefined,
    { after, order, limit }: Pick<ListShape, 'after' | 'order' | 'limit'>,
  ): Promise<ErasureEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    const hash = subject === undefined ? undefined : subjectHash(space.id, subject);
    return this.records.find({
      where: {
        spaceId: space.id,
        ...(after && { id: beyond(after) }),
        ...(hash && { criteria: Raw((column) => `${column} ->> 'subjectSha256' = :hash`, { hash }) }),
      },
      order: { id: order },
      take: limit,
    });
  }

  /** `ref` is a `job_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<ErasureEntity> {
    const id = parsePublicId('job', ref);
    const record = id === null ? null : await this.records.findOneBy({ id, spaceId: space.id });
    if (!record) throw new NotFound('erasure');
    return record;
  }

  /** Stops an erasure; what it has erased stays erased. Throws NotFound, and Conflict when it is finished. */
  async cancel(space: SpaceRef, ref: string): Promise<ErasureEntity> {
    await this.find(space, ref);
    await this.jobs.cancel(space, ref);
    return this.find(space, ref);
  }

  /** Ids that nothing has select nothing. Throws Invalid for a publisher's id that is not known. */
  private async idsOf(space: SpaceRef, refs: string[]): Promise<string[]> {
    const byKey = await findEventIds(this.database.sql, space.id, refs);
    const issues: Issue[] = [];
    const ids = refs.flatMap((ref, index) => {
      const id = byKey.get(ref) ?? parsePublicId('evt', ref);
      if (id !== null) return id;
      const message = 'No event has this id. Your own ids are known for two days; use the evt_ id.';
      issues.push({ path: `events[${index}]`, code: 'unknown_event', message });
      return [];
    });
    if (issues.length > 0) throw new Invalid(issues);
    return ids;
  }
}

function issuesOf({ events, subjectId, since, until, all }: ErasureInput): Issue[] {
  const isNarrowed = [events, subjectId, since, until].some((condition) => condition !== undefined);
  if (all && isNarrowed)
    return [{ path: 'all', code: 'not_allowed', message: 'Leave it out together with other conditions.' }];
  if (all || isNarrowed) return [];
  const message =
    'Give at least one condition: events, subjectId, since or until. Or "all": true for the whole space.';
  return [{ path: 'subjectId', code: 'no_condition', message }];
}

function recordOf(job: JobEntity, request: EraseRequest, requestedBy: string): ErasureEntity {
  const { id, spaceId, dryRun, createdAt, sinceId, untilId } = job;
  const { all, events, subject, mode } = request;
  const since = uuidTime(sinceId);
  const criteria: ErasureCriteria = {
    all,
    events: events?.map((event) => publicId('evt', event)) ?? null,
    subjectSha256: subject === null ? null : subjectHash(spaceId, subject),
    since: since === 0 ? null : new Date(since).toISOString(),
    until: new Date(uuidTime(untilId)).toISOString(),
  };
  return {
    ...{ id, spaceId, requestedBy, criteria, mode, dryRun, status: 'pending', counts: NOTHING },
    ...{ verification: null, stopped: null, createdAt, finishedAt: null },
  };
}
