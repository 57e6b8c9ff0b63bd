import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Conflict, LimitReached, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, uuidFloor } from '../core/ids.js';
import { Database } from '../database/database.js';
import { listStatement, type ListShape } from '../database/list-statement.js';
import type { Sql } from '../database/sql.js';
import { DAY_MS } from '../database/partitions.js';
import { idAt } from '../http/time-range.dto.js';
import { checkLimitForOneMore } from '../spaces/space-limits.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { Job, JobRequest } from './job.js';

const INSERT = {
  name: 'jobs_insert',
  text: `INSERT INTO posthorn.jobs
      (id, space_id, kind, status, dry_run, request, since_id, until_id, position, next_slice_at, created_at)
    VALUES ($1, $2, $3, 'pending', $4, $5, $6, $7, $6, $8, $8) RETURNING *`,
};
const FIND = { name: 'jobs_find', text: `SELECT * FROM posthorn.jobs WHERE id = $2 AND space_id = $1` };
const CANCEL = {
  name: 'jobs_cancel',
  text: `UPDATE posthorn.jobs SET status = 'cancelled', finished_at = $3
    WHERE id = $2 AND space_id = $1 AND finished_at IS NULL RETURNING *`,
};
const FORGET = {
  name: 'jobs_forget',
  text: `DELETE FROM posthorn.jobs WHERE space_id = $1 AND finished_at < $2`,
};

/** What is to be looked at, ISO 8601; absent: from the beginning, until now. */
export interface Window {
  since?: string | undefined;
  until?: string | undefined;
}

/** The jobs of spaces, for those who give and watch them; workers carry them out (`job-runner.ts`). */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Gives the workers a job. Throws Conflict while the space has too many. */
  async add(space: SpaceRef, request: JobRequest, window: Window, dryRun: boolean): Promise<Job> {
    const now = this.clock.date();
    const id = newUuid(now.getTime());
    const { since, until } = this.idsOf(window, id);
    await this.database.sql(FORGET, [
      space.id,
      new Date(now.getTime() - this.settings.retentionDays * DAY_MS),
    ]);
    const values = [id, space.id, request.kind, dryRun, JSON.stringify(request), since, until, now];
    const [job] = await this.database.transaction(async (sql) => {
      await this.admit(sql, space);
      return sql<Job>(INSERT, values);
    });
    return job as Job;
  }

  private async admit(sql: Sql, space: SpaceRef): Promise<void> {
    try {
      await checkLimitForOneMore(sql, this.settings, space.id, 'openJobs');
    } catch (error) {
      throw error instanceof LimitReached ? new Conflict('too_many_jobs', error.message) : error;
    }
  }

  /** The window as ids. It ends now at the latest: a job never meets what it made itself. */
  idsOf({ since, until }: Window, latest = newUuid(this.clock.now())): { since: string; until: string } {
    const end = until === undefined ? latest : idAt(until);
    return {
      since: since === undefined ? uuidFloor(0) : idAt(since),
      until: end < latest ? end : latest,
    };
  }

  list(space: SpaceRef, slice: Pick<ListShape, 'after' | 'order' | 'limit'>): Promise<Job[]> {
    const { statement, values } = listStatement({
      name: 'jobs_list',
      select: 'SELECT * FROM posthorn.jobs',
      key: 'id',
      conditions: [[(p) => `space_id = ${p}`, space.id]],
      ...slice,
    });
    return this.database.sql<Job>(statement, values);
  }

  /** `ref` is a `job_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<Job> {
    const id = parsePublicId('job', ref);
    const [job] = id === null ? [] : await this.database.sql<Job>(FIND, [space.id, id]);
    if (!job) throw new NotFound('job');
    return job;
  }

  /** Stops a job; what it made stays. Throws NotFound, and Conflict when it is finished. */
  async cancel(space: SpaceRef, ref: string): Promise<Job> {
    const { id } = await this.find(space, ref);
    const [job] = await this.database.sql<Job>(CANCEL, [space.id, id, this.clock.date()]);
    if (job) return job;
    const { status } = await this.find(space, ref);
    throw new Conflict('job_finished', `Only a job under way can be cancelled; this one is ${status}.`);
  }
}
