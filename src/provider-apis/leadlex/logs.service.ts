import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { DeliveryStatus } from '../../core/domain-types.js';

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

interface LogRow {
  id: string;
  event_type: string;
  status: DeliveryStatus;
  attempt_count: number;
  started_at: Date | null;
  status_code: number | null;
  response_body: Buffer | null;
  total_ms: number | null;
  error_code: string | null;
}

const STATUSES: Record<LogStatus, DeliveryStatus[]> = {
  success: ['succeeded'],
  failed: ['failed', 'cancelled', 'skipped', 'expired'],
  pending: ['pending', 'held'],
};

const ERRORS: Record<string, string> = { timeout: 'timeout', dns_error: 'dns_failure' };

// What was never sent because the webhook was not active is no delivery to them.
const IS_THEIRS = `(d.status <> 'skipped' OR d.attempt_count > 0)`;

const ENTRIES = `
  SELECT d.id, d.event_type, d.status, d.attempt_count, a.started_at, a.status_code, a.response_body, a.total_ms, a.error_code
  FROM posthorn.deliveries d LEFT JOIN LATERAL (
    SELECT * FROM posthorn.attempts a WHERE a.delivery_id = d.id ORDER BY n DESC LIMIT 1
  ) a ON true`;

const PAGE = {
  name: 'leadlex_logs',
  text: `${ENTRIES}
    WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.status = ANY($3::text[]) AND ${IS_THEIRS}
    ORDER BY d.id DESC LIMIT $4 OFFSET $5`,
};

const COUNT = {
  name: 'leadlex_logs_count',
  text: `SELECT count(*)::int AS total FROM posthorn.deliveries d
    WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.status = ANY($3::text[]) AND ${IS_THEIRS}`,
};

const ONE = {
  name: 'leadlex_log',
  text: `${ENTRIES} WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.id = $3 AND ${IS_THEIRS}`,
};

const REMAINS = {
  name: 'leadlex_log_remains',
  text: `SELECT FROM posthorn.deliveries WHERE space_id = $1 AND subscription_id = $2
    AND NOT EXISTS (SELECT FROM posthorn.subscriptions WHERE id = $2) LIMIT 1`,
};

const LAST = {
  name: 'leadlex_last',
  text: `
    SELECT s.id, d.status, d.finished_at FROM unnest($1::uuid[]) AS s (id) JOIN LATERAL (
      SELECT status, finished_at FROM posthorn.deliveries d
      WHERE d.subscription_id = s.id AND d.status IN ('succeeded', 'failed') ORDER BY d.id DESC LIMIT 1
    ) d ON true`,
};

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
    const about = [spaceId, subscriptionId, statuses];
    const [rows, [count]] = await Promise.all([
      this.database.sql<LogRow>(PAGE, [...about, perPage, (page - 1) * perPage]),
      this.database.sql<{ total: number }>(COUNT, about),
    ]);
    return { logs: rows.map(toEntry), total: count?.total ?? 0 };
  }

  /** Null when the webhook has no such delivery. */
  async find(spaceId: string, subscriptionId: string, deliveryId: string): Promise<LogEntry | null> {
    const [row] = await this.database.sql<LogRow>(ONE, [spaceId, subscriptionId, deliveryId]);
    return row ? toEntry(row) : null;
  }

  /** Whether the log is all that is left of a webhook: it was deleted, and some of its deliveries are still kept. */
  async remains(spaceId: string, subscriptionId: string): Promise<boolean> {
    return (await this.database.sql(REMAINS, [spaceId, subscriptionId])).length > 0;
  }

  /** How the last finished delivery of each of these subscriptions ended; absent: it has none. */
  async lastOf(ids: string[]): Promise<Map<string, { status: 'success' | 'failed'; at: string | null }>> {
    const rows = await this.database.sql<{ id: string; status: string; finished_at: Date | null }>(LAST, [
      ids,
    ]);
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

function toEntry(row: LogRow): LogEntry {
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
