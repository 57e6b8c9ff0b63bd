import { Injectable } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import type { StoredEvent } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { findEvents } from '../event-store/find-events.js';

/** An attempt's row, as lists show it. */
export interface AttemptRow {
  id: string;
  n: number;
  started_at: Date;
  status_code: number | null;
  error_code: string | null;
  dns_ms: number | null;
  connect_ms: number | null;
  tls_ms: number | null;
  first_byte_ms: number | null;
  total_ms: number | null;
}

/** An attempt's whole row. */
export interface FullAttemptRow extends AttemptRow {
  url: string;
  request_headers: string;
  response_headers: string | null;
  response_body: Buffer | null;
  response_truncated: boolean;
  error_detail: string | null;
  address_class: string | null;
}

const COLUMNS =
  'id, n, started_at, status_code, error_code, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms';

const LIST = {
  name: 'attempts_list',
  text: `SELECT ${COLUMNS} FROM posthorn.attempts WHERE delivery_id = $1 ORDER BY n`,
};

const FULL = `SELECT ${COLUMNS}, url, request_headers, response_headers, response_body, response_truncated, error_detail,
  address_class FROM posthorn.attempts`;

const FIND = { name: 'attempts_find', text: `${FULL} WHERE delivery_id = $1 AND n = $2` };

const LIST_FULL = { name: 'attempts_list_full', text: `${FULL} WHERE delivery_id = $1 ORDER BY n` };

/** The requests that were made. Callers see to it that the delivery is the space's. */
@Injectable()
export class AttemptLogService {
  constructor(private readonly database: Database) {}

  list(deliveryId: string): Promise<AttemptRow[]> {
    return this.database.sql<AttemptRow>(LIST, [deliveryId]);
  }

  listFull(deliveryId: string): Promise<FullAttemptRow[]> {
    return this.database.sql<FullAttemptRow>(LIST_FULL, [deliveryId]);
  }

  /** Throws NotFound. */
  async find(deliveryId: string, n: number): Promise<FullAttemptRow> {
    const [row] = await this.database.sql<FullAttemptRow>(FIND, [deliveryId, n]);
    if (!row) throw new NotFound('attempt');
    return row;
  }

  /** The event a delivery carries; null when retention has dropped it. */
  async eventOf(eventId: string): Promise<StoredEvent | null> {
    return (await findEvents(this.database.sql, [eventId])).get(eventId) ?? null;
  }
}
