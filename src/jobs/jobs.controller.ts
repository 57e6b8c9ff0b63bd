import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Conflict } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { JobEntity } from './job.entity.js';
import { JobChanges, JobList, JobView } from './job.dto.js';
import type { JobRequest } from './job.js';
import { JobsService } from './jobs.service.js';

@Controller('v1/spaces/:space/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly cursors: Cursors,
  ) {}

  /** List jobs */
  @Get()
  @SpaceScope('read')
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ListQuery): Promise<JobList> {
    const context = `jobs:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.jobs.list(space, { after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, context, toJobView);
  }

  /** Read one job */
  @Get(':job')
  @SpaceScope('read')
  async get(@CurrentSpace() space: SpaceRef, @Param('job') ref: string): Promise<JobView> {
    return toJobView(await this.jobs.find(space, ref));
  }

  /** Change the pace of an unfinished job, pause it, or continue it */
  @Patch(':job')
  @SpaceScope('manage', { right: 'retry' })
  @ApiProblem(409, '`job_finished`: there is nothing to change; `job_has_no_pace`: it is an erasure')
  async change(
    @CurrentSpace() space: SpaceRef,
    @Param('job') ref: string,
    @Body() body: JobChanges,
  ): Promise<JobView> {
    return toJobView(await this.jobs.change(space, ref, body));
  }

  /** Stop a job. What it has made so far stays. */
  @Post(':job/cancel')
  @SpaceScope('manage', { right: 'retry' })
  @HttpCode(200)
  @ApiProblem(
    409,
    '`job_finished`: there is nothing to stop; `job_is_erasure`: `…/erasures/{erasure}/cancel` stops it',
  )
  async cancel(@CurrentSpace() space: SpaceRef, @Param('job') ref: string): Promise<JobView> {
    const { id, kind } = await this.jobs.find(space, ref);
    // Who may erase may stop that. This route is open to others, too.
    if (kind === 'erase')
      throw new Conflict(
        'job_is_erasure',
        `Stop an erasure with POST …/erasures/${publicId('job', id)}/cancel.`,
      );
    return toJobView(await this.jobs.cancel(space, ref));
  }
}

/** A job as the API shows it. */
export function toJobView(job: JobEntity): JobView {
  return {
    id: publicId('job', job.id),
    kind: job.kind,
    status: job.status,
    dryRun: job.dryRun,
    total: job.counted ? job.total : null,
    done: job.done,
    skipped: job.skipped,
    subscriptionId: subscriptionOf(job.request),
    perSecond: job.perSecond,
    pausedAt: job.finishedAt === null ? (job.pausedAt?.toISOString() ?? null) : null,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

function subscriptionOf(request: JobRequest): string | null {
  if (request.kind === 'erase' || request.subscriptionId === null) return null;
  return publicId('sub', request.subscriptionId);
}
