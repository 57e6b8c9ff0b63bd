import { Injectable } from '@nestjs/common';
import { Conflict } from '../core/errors.js';
import { beginDrain } from '../endpoints/drains.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { LifecycleService } from '../subscriptions/lifecycle.service.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';
import type { JobEntity } from './job.entity.js';
import type { DrainInput } from './job.dto.js';
import { JobsService } from './jobs.service.js';

/** Resumes subscriptions whose backlog is to go out at a pace. */
@Injectable()
export class DrainsService {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly jobs: JobsService,
  ) {}

  /** Throws NotFound, and Conflict for a drain under way or too many jobs. */
  async start(space: SpaceRef, ref: string, { perSecond }: DrainInput): Promise<JobEntity> {
    const { id, status } = await this.subscriptions.find(space, ref);
    const job = await this.jobs.add(
      space,
      { kind: 'drain', subscriptionId: id },
      {},
      { dryRun: false, perSecond },
      async (sql, { id: jobId }) => {
        if (await beginDrain(sql, id, jobId)) return;
        const message =
          'A drain of this subscription is under way. Change its pace instead: PATCH …/jobs/:job.';
        throw new Conflict('drain_under_way', message);
      },
    );
    // After the drain has begun, so that nothing leaves faster.
    if (status === 'paused') await this.lifecycle.resume(space, ref, 'deliver');
    return job;
  }
}
