import { Controller, Get, Param, Query } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { Database } from '../database/database.js';
import { readEndpointAttempts } from '../deliveries/attempts-of-endpoint.js';
import { Clock } from '../lib/clock.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { namedBy } from './named-by.js';
import { EndpointAttemptsView } from './endpoint-attempts.dto.js';
import { summarize } from './endpoint-attempts.js';
import { OverviewQuery } from './overview.dto.js';
import { WINDOW_BUCKETS } from './overview.service.js';

const FIND = {
  name: 'dashboard_subscription',
  text: `SELECT id FROM posthorn.subscriptions WHERE space_id = $1 AND (id = $2 OR uid = $3)`,
};

@Controller('v1/spaces/:space/subscriptions/:sub/attempts')
export class EndpointAttemptsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Read the last attempts at a subscription's endpoint */
  @Get()
  @SpaceScope('read')
  async read(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') ref: string,
    @Query() { window }: OverviewQuery,
  ): Promise<EndpointAttemptsView> {
    const { sql } = this.database;
    const [row] = await sql<{ id: string }>(FIND, namedBy(space, ref));
    if (!row) throw new NotFound('subscription');
    const { step, buckets } = WINDOW_BUCKETS[window];
    const stepMs = step * 1_000;
    const now = this.clock.now();
    const first = now - (now % stepMs) - (buckets - 1) * stepMs;
    const attempts = await readEndpointAttempts(sql, space.id, row.id, new Date(first));
    return summarize(attempts, { first, stepMs, buckets });
  }
}
