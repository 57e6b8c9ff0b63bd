import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { DeliveryStatus } from '../../core/domain-types.js';
import {
  findWithLastAttempt,
  hasDeliveriesOfDeleted,
  lastFinished,
  listWithLastAttempt,
  type DeliveryWithLastAttempt,
} from '../../deliveries/last-attempts.js';

/** Their words for what became of a delivery. */
export const LOG_STATUSES = ['success', 'failed', 'pending'] as const;
export type LogStatus = (typeof LOG_STATUSES)[number];

/** One delivery as their log shows it: with what its last attempt brought. */
export interface LogEntry {
  delivery_id: string;
  event: string;
  status: LogStatus;
  response_status_code: number | null;
  response_body: string | null;
  duration_ms: number | null;
  /** How many attempts were made. */
  attempt: number;
  error: string | null;
  delivered_at: string | null;
}

const STATUSES: Record<LogStatus, DeliveryStatus[]> = {
  success: ['succeeded'],
  failed: ['failed', 'cancelled', 'skipped', 'expired'],
  pending: ['pending', 'held'],
};

const ERRORS: Record<string, string> = { timeout: 'timeout', dns_error: 'dns_failure' };

/** The delivery log in the provider's shape. */
@Injectable()
export class LogsService {
  constructor(private readonly database: Database) {}

  /** Newest first. `page` counts from 1. */
  async page(
    spaceId: string,
    subscriptionId: string,
    { status, page, perPage }: { status?: LogStatus; page: number; perPage: number },
  ): Promise<{ logs: LogEntry[]; total: number }> {
    const statuses = status ? STATUSES[status] : Object.values(STATUSES).flat();
    const { rows, total } = await listWithLastAttempt(
      this.database.sql,
      { spaceId, subscriptionId, statuses },
      { limit: perPage, offset: (page - 1) * perPage },
    );
    return { logs: rows.map(toEntry), total };
  }

  /** Null when the webhook has no such delivery. */
  async find(spaceId: string, subscriptionId: string, deliveryId: string): Promise<LogEntry | null> {
    const row = await findWithLastAttempt(this.database.sql, { spaceId, subscriptionId }, deliveryId);
    return row ? toEntry(row) : null;
  }

  /** Whether the log is all that is left of a webhook: it was deleted, and some of its deliveries are still kept. */
  remains(spaceId: string, subscriptionId: string): Promise<boolean> {
    return hasDeliveriesOfDeleted(this.database.sql, spaceId, subscriptionId);
  }

  /** How the last finished delivery of each of these subscriptions ended; absent: it has none. */
  async lastOf(ids: string[]): Promise<Map<string, { status: 'success' | 'failed'; at: string | null }>> {
    const rows = await lastFinished(this.database.sql, ids);
    return new Map(
      rows.map(({ id, status, finished_at }) => [
        id,
        { status: status === 'succeeded' ? 'success' : 'failed', at: finished_at?.toISOString() ?? null },
      ]),
    );
  }
}

/** Their word for why an attempt failed; null when it did not. */
export function errorCodeOf(code: string | null): string | null {
  if (code === null) return null;
  return ERRORS[code] ?? (code.startsWith('http_') ? 'http_error' : 'connection_refused');
}

function toEntry(row: DeliveryWithLastAttempt): LogEntry {
  return {
    delivery_id: row.id,
    event: row.event_type,
    status: LOG_STATUSES.find((each) => STATUSES[each].includes(row.status)) ?? 'failed',
    response_status_code: row.status_code,
    response_body: row.response_body?.toString() ?? null,
    duration_ms: row.total_ms === null ? null : Math.round(row.total_ms),
    attempt: row.attempt_count,
    error: errorCodeOf(row.error_code),
    delivered_at: row.started_at?.toISOString() ?? null,
  };
}
