import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { JobEntity } from './job.entity.js';
import { JobList, JobView } from './job.dto.js';
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

  /** Stop a job. What it has made so far stays. */
  @Post(':job/cancel')
  @SpaceScope('manage', { right: 'retry' })
  @HttpCode(200)
  @ApiProblem(409, '`job_finished`: there is nothing to stop')
  async cancel(@CurrentSpace() space: SpaceRef, @Param('job') ref: string): Promise<JobView> {
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
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
