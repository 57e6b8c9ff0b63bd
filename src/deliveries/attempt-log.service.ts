import { Injectable } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import type { AttemptTrigger, StoredEvent } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { findEvents } from '../event-store/find-events.js';

/** An attempt's row, as lists show it. */
export interface AttemptRow {
  id: string;
  n: number;
  started_at: Date;
  status_code: number | null;
  error_code: string | null;
  trigger: AttemptTrigger | null;
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
  removed: string | null;
}

const COLUMNS =
  'id, n, started_at, status_code, error_code, trigger, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms';

const LIST = {
  name: 'attempts_list',
  text: `SELECT ${COLUMNS} FROM posthorn.attempts WHERE delivery_id = $1 ORDER BY n`,
};

const FULL = `SELECT ${COLUMNS}, url, request_headers, response_headers, response_body, response_truncated,
  error_detail,
  address_class, removed FROM posthorn.attempts`;

const FIND = { name: 'attempts_find', text: `${FULL} WHERE delivery_id = $1 AND n = $2` };

/** Attempts of a delivery that are shown whole at once, the last ones. Anybody may retry it without an end. */
const MOST_WHOLE = 50;
const LIST_FULL = {
  name: 'attempts_list_full',
  text: `${FULL} WHERE delivery_id = $1 ORDER BY n DESC LIMIT ${MOST_WHOLE}`,
};

/** What a page of the attempts of several deliveries has of each. */
export interface PagedAttemptRow extends AttemptRow {
  delivery_id: string;
  url: string;
  error_detail: string | null;
  address_class: string | null;
}

/** Which attempts: those of `deliveryIds` (one at least), in this order, without those of `after` up to its `n`. */
export interface AttemptPage {
  deliveryIds: string[];
  after: { deliveryId: string; n: number } | null;
  order: 'asc' | 'desc';
  limit: number;
}

// The bounds of the ids let Postgres skip partitions.
const page = (columns: string, order: 'asc' | 'desc') => `
  SELECT delivery_id, ${columns} FROM posthorn.attempts
  WHERE delivery_id = ANY($1::uuid[]) AND delivery_id >= $2 AND delivery_id <= $3
    AND (delivery_id <> $4 OR n > $5)
  ORDER BY delivery_id ${order}, n LIMIT $6`;
const PAGED_COLUMNS = `${COLUMNS}, url, error_detail, address_class`;
const WHOLE_COLUMNS = `${PAGED_COLUMNS}, request_headers, response_headers, response_body, response_truncated, removed`;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The requests that were made. Callers see to it that the delivery is the space's. */
@Injectable()
export class AttemptLogService {
  constructor(private readonly database: Database) {}

  list(deliveryId: string): Promise<AttemptRow[]> {
    return this.database.sql<AttemptRow>(LIST, [deliveryId]);
  }

  /** The last fifty attempts, the first of them first. */
  async listFull(deliveryId: string): Promise<FullAttemptRow[]> {
    return (await this.database.sql<FullAttemptRow>(LIST_FULL, [deliveryId])).toReversed();
  }

  /** A page of several deliveries' attempts: by delivery, and of each the oldest first. */
  page(which: AttemptPage): Promise<PagedAttemptRow[]> {
    const text = page(PAGED_COLUMNS, which.order);
    return this.database.sql({ name: `attempts_page_${which.order}`, text }, pageValues(which));
  }

  /** The same with headers and answers. */
  wholePage(which: AttemptPage): Promise<(PagedAttemptRow & FullAttemptRow)[]> {
    const text = page(WHOLE_COLUMNS, which.order);
    return this.database.sql({ name: `attempts_whole_page_${which.order}`, text }, pageValues(which));
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

function pageValues({ deliveryIds, after, order, limit }: AttemptPage): unknown[] {
  const [first, last] = [deliveryIds[0], deliveryIds.at(-1)];
  const bounds = order === 'asc' ? [first, last] : [last, first];
  return [deliveryIds, ...bounds, after?.deliveryId ?? NO_ID, after?.n ?? 0, limit];
}
