import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { countByType, type TypeCount } from '../../deliveries/count-by-type.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import type { Span } from './campaign-path.js';

/** Counts of webhook calls. Their documents disagree about the shape, so the keys of all of them are there. */
@Injectable()
export class SummariesService {
  constructor(private readonly database: Database) {}

  async of(space: SpaceRef, subscriptionIds: string[], span: Span) {
    const rows = await countByType(this.database.sql, space.id, subscriptionIds, span);
    const sum = (fits: (row: TypeCount) => boolean) =>
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
