import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { NotFound } from '../core/errors.js';
import { newUuid, parsePublicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { ReceiverChanges } from './test-receiver.dto.js';

/** Receivers a space keeps; the oldest goes for a new one. */
const PER_SPACE = 20;
/** Requests a receiver keeps. */
const MAX_REQUESTS = 200;

/** How a receiver answers. */
export interface Receiver {
  id: string;
  space_id: string;
  status: number;
  delay_ms: number;
  retry_after_seconds: number | null;
}

/** A request as a receiver got it. */
export interface Received {
  id: string;
  method: string;
  path: string;
  headers: string[][];
  body: Buffer;
  truncated: boolean;
}

const COLUMNS = 'id, space_id, status, delay_ms, retry_after_seconds';
const INSERT = {
  name: 'test_receivers_insert',
  text: `INSERT INTO posthorn.test_receivers (id, space_id, created_at) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
};
const TRIM = {
  name: 'test_receivers_trim',
  text: `DELETE FROM posthorn.test_receivers WHERE id IN
    (SELECT id FROM posthorn.test_receivers WHERE space_id = $1 ORDER BY id DESC OFFSET ${PER_SPACE})`,
};
const FIND = {
  name: 'test_receivers_find',
  text: `SELECT ${COLUMNS} FROM posthorn.test_receivers WHERE id = $1 AND ($2::uuid IS NULL OR space_id = $2)`,
};
const CHANGE = {
  name: 'test_receivers_change',
  text: `UPDATE posthorn.test_receivers SET status = coalesce($3, status), delay_ms = coalesce($4, delay_ms),
      retry_after_seconds = CASE WHEN $5 THEN $6 ELSE retry_after_seconds END
    WHERE id = $1 AND space_id = $2 RETURNING ${COLUMNS}`,
};
const RECORD = {
  name: 'test_requests_record',
  text: `INSERT INTO posthorn.test_requests (id, receiver_id, method, path, headers, body, truncated)
    SELECT $1, id, $3, $4, $5, $6, $7 FROM posthorn.test_receivers WHERE id = $2`,
};
const DELETE_OLDEST = {
  name: 'test_requests_forget',
  text: `DELETE FROM posthorn.test_requests WHERE receiver_id = $1 AND id <=
    (SELECT id FROM posthorn.test_requests WHERE receiver_id = $1 ORDER BY id DESC OFFSET ${MAX_REQUESTS} LIMIT 1)`,
};
const LIST = {
  name: 'test_requests_list',
  text: `SELECT id, method, path, headers, body, truncated FROM (
      SELECT * FROM posthorn.test_requests WHERE receiver_id = $1 AND ($2::uuid IS NULL OR id > $2)
      ORDER BY id DESC LIMIT ${MAX_REQUESTS}
    ) AS newest ORDER BY id`,
};

/** The receivers of spaces. In the database, because the process that receives need not be the one that is asked. */
@Injectable()
export class TestReceiversService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async create(space: SpaceRef): Promise<Receiver> {
    const now = this.clock.date();
    const [receiver] = await this.database.sql<Receiver>(INSERT, [newUuid(now.getTime()), space.id, now]);
    await this.database.sql(TRIM, [space.id]);
    if (!receiver) throw new Error('The test receiver was not written.');
    return receiver;
  }

  /** `ref` is a `rcv_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<Receiver> {
    const receiver = await this.lookUp(ref, space.id);
    if (!receiver) throw new NotFound('test receiver');
    return receiver;
  }

  /** The receiver of whatever space; null when there is none. */
  async lookUp(ref: string, spaceId: string | null = null): Promise<Receiver | null> {
    const id = parsePublicId('rcv', ref);
    const [receiver] = id === null ? [] : await this.database.sql<Receiver>(FIND, [id, spaceId]);
    return receiver ?? null;
  }

  /** Throws NotFound. */
  async change(space: SpaceRef, ref: string, changes: ReceiverChanges): Promise<Receiver> {
    const { id } = await this.find(space, ref);
    const { status, delayMs, retryAfterSeconds } = changes;
    const [receiver] = await this.database.sql<Receiver>(CHANGE, [
      ...[id, space.id, status ?? null, delayMs ?? null],
      ...[retryAfterSeconds !== undefined, retryAfterSeconds ?? null],
    ]);
    if (!receiver) throw new NotFound('test receiver');
    return receiver;
  }

  /** Keeps a request, and forgets those of which there are too many. */
  async record(receiverId: string, request: Omit<Received, 'id'>): Promise<void> {
    const { method, path, headers, body, truncated } = request;
    const id = newUuid(this.clock.now());
    const values = [id, receiverId, method, path, JSON.stringify(headers), body, truncated];
    await this.database.sql(RECORD, values);
    await this.database.sql(DELETE_OLDEST, [receiverId]);
  }

  /** Oldest first. `after` is the dashed id of the last one seen. */
  requests(receiverId: string, after: string | null): Promise<Received[]> {
    return this.database.sql<Received>(LIST, [receiverId, after]);
  }
}
