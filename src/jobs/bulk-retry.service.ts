import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { DeliveryLogService } from '../deliveries/delivery-log.service.js';
import { countRetryable } from '../deliveries/retry-many.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { JobEntity } from './job.entity.js';
import type { RetryRequest } from './job.js';
import type { BulkRetryInput } from './job.dto.js';
import { JobsService } from './jobs.service.js';
import { MAX_COUNTED } from './retry-slice.js';

/** How long a caller waits for a number. */
const COUNT_MS = 2_000;
/** Nothing has this id: a filter whose names mean nothing finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

type Filter = Omit<BulkRetryInput, 'dryRun' | 'delaySeconds'> & { delaySeconds?: number };

/** Retries of whatever a filter of the delivery list finds. */
@Injectable()
export class BulkRetryService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryLogService,
    private readonly jobs: JobsService,
  ) {}

  /** How many there are, counted for two seconds at the most. */
  async count(space: SpaceRef, filter: Filter): Promise<{ count: number; exact: boolean }> {
    const request = { spaceId: space.id, ...(await this.requestOf(space, filter)) };
    const { since, until } = this.jobs.idsOf(filter);
    const end = performance.now() + COUNT_MS;
    let count = 0;
    for (let after: string | null = since; ;) {
      const between = { after, before: until };
      const { hits, position } = await countRetryable(this.database.sql, request, between, MAX_COUNTED);
      count += hits;
      if (position === null) return { count, exact: true };
      if (performance.now() > end) return { count, exact: false };
      after = position;
    }
  }

  /** Throws Conflict while the space has too many jobs. */
  async start(space: SpaceRef, filter: Filter): Promise<JobEntity> {
    const { perSecond, delaySeconds } = filter;
    return this.jobs.add(space, await this.requestOf(space, filter), filter, {
      dryRun: false,
      perSecond,
      delaySeconds,
    });
  }

  private async requestOf(space: SpaceRef, filter: Filter): Promise<RetryRequest> {
    const named = await this.deliveries.resolve(space, filter);
    return {
      kind: 'retry',
      subscriptionId: named === null ? NOBODY : (named.subscription ?? null),
      eventId: named?.event ?? null,
      type: filter.type ?? null,
      status: filter.status ?? null,
    };
  }
}
