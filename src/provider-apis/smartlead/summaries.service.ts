import { Injectable } from '@nestjs/common';
import { uuidFloor } from '../../core/ids.js';
import type { DeliveryStatus } from '../../core/domain-types.js';
import { Database } from '../../database/database.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import type { Span } from './campaign-path.js';

const COUNTS = {
  name: 'smartlead_summary',
  text: `SELECT event_type, status, attempt_count > 0 AS tried, count(*)::int AS count FROM posthorn.deliveries
    WHERE space_id = $1 AND subscription_id = ANY($2::uuid[]) AND id >= $3 AND id < $4 GROUP BY 1, 2, 3`,
};

interface CountRow {
  event_type: string;
  status: DeliveryStatus;
  tried: boolean;
  count: number;
}

/** Counts of webhook calls. Their documents disagree about the shape, so the keys of all of them are there. */
@Injectable()
export class SummariesService {
  constructor(private readonly database: Database) {}

  async of(space: SpaceRef, subscriptionIds: string[], { from, to }: Span) {
    const bounds = [uuidFloor(from.getTime()), uuidFloor(to.getTime())];
    const rows = await this.database.sql<CountRow>(COUNTS, [space.id, subscriptionIds, ...bounds]);
    const sum = (fits: (row: CountRow) => boolean) =>
      rows.filter(fits).reduce((total, { count }) => total + count, 0);
    const sent = sum(({ tried }) => tried);
    const successful = sum(({ status }) => status === 'succeeded');
    const failed = sum(({ status }) => status === 'failed');
    const types = [...new Set(rows.filter(({ tried }) => tried).map((row) => row.event_type))].sort();
    return {
      ok: true,
      total: sent,
      success: successful,
      failed,
      total_calls: sent,
      successful_calls: successful,
      failed_calls: failed,
      success_rate: sent === 0 ? 0 : Math.round((successful / sent) * 10_000) / 100,
      data: {
        sent_count: sent,
        successful_count: successful,
        failed_count: failed,
        scheduled_for_retry_count: sum(({ status, tried }) => status === 'pending' && tried),
        retroactively_failed_count: sum(({ status }) => status === 'skipped' || status === 'expired'),
        event_type_counts: Object.fromEntries(
          types.map((type) => [type, sum((row) => row.event_type === type && row.tried)]),
        ),
      },
    };
  }
}
