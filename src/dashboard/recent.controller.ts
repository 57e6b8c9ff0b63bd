import { Controller, Get, Query } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readRecent } from '../deliveries/recent.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { RecentList, RecentQuery } from './recent.dto.js';

@Controller('v1/spaces/:space/recent-deliveries')
export class RecentController {
  constructor(private readonly database: Database) {}

  /** Read the results of the last attempted deliveries of up to 100 subscriptions */
  @Get()
  @SpaceScope('read')
  async read(@CurrentSpace() space: SpaceRef, @Query() query: RecentQuery): Promise<RecentList> {
    const found = await readRecent(this.database.sql, space.id, query.subscription);
    return {
      data: query.subscription.map((ref) => ({ subscription: ref, deliveries: found.get(ref) ?? [] })),
    };
  }
}
