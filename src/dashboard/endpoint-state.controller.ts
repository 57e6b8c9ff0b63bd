import { Controller, Get, Param } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { uuidTime } from '../core/ids.js';
import { Database } from '../database/database.js';
import { countBacklog } from '../deliveries/backlog-of-endpoint.js';
import { readCertificate } from '../endpoints/certificates.js';
import { readThrottle } from '../endpoints/throttles.js';
import { Clock } from '../lib/clock.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { namedBy } from './named-by.js';
import { EndpointStateView } from './endpoint-state.dto.js';
import { certificateOf, proofOf, rateOf, type EndpointRow } from './endpoint-state.js';

const FIND = {
  name: 'dashboard_endpoint',
  text: `
    SELECT s.id, s.profile, s.profile_options #>> '{signature,style}' AS style, s.secrets, s.created_at AS "createdAt",
      s.rate_per_second AS "perSecond",
      (SELECT at FROM posthorn.rate_limits WHERE key = 'subscription/' || s.id) AS "takenUntil"
    FROM posthorn.subscriptions s WHERE s.space_id = $1 AND (s.id = $2 OR s.uid = $3)`,
};

@Controller('v1/spaces/:space/subscriptions/:sub/endpoint')
export class EndpointStateController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Read the state of a subscription's endpoint: certificate, limits at present, ages of secrets, and backlog */
  @Get()
  @SpaceScope('read')
  async read(@CurrentSpace() space: SpaceRef, @Param('sub') ref: string): Promise<EndpointStateView> {
    const { sql } = this.database;
    const [row] = await sql<EndpointRow>(FIND, namedBy(space, ref));
    if (!row) throw new NotFound('subscription');
    const [certificate, throttle, backlog] = await Promise.all([
      readCertificate(sql, row.id),
      readThrottle(sql, row.id),
      countBacklog(sql, row.id),
    ]);
    const now = this.clock.now();
    const { oldestHeld, ...counts } = backlog;
    return {
      certificate: certificateOf(certificate, now),
      throttle,
      rate: rateOf(row, now),
      proof: proofOf(row, now),
      backlog: {
        ...counts,
        oldestHeldAt: oldestHeld === null ? null : new Date(uuidTime(oldestHeld)).toISOString(),
      },
    };
  }
}
