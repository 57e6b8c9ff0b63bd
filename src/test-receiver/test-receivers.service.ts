import { Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager, type Repository } from 'typeorm';
import type { Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { ReceiverChanges } from './test-receiver.dto.js';
import { TestReceiverEntity } from './test-receiver.entity.js';
import { TestRequestEntity } from './test-request.entity.js';

/** Receivers a space keeps; the oldest goes for a new one. */
const PER_SPACE = 20;
/** Requests a receiver keeps. */
const MAX_REQUESTS = 200;

/** What is kept of a request. */
export type NewRequest = Omit<TestRequestEntity, 'id' | 'receiverId'>;

const TRIM = {
  name: 'test_receivers_trim',
  text: `DELETE FROM posthorn.test_receivers WHERE id IN
    (SELECT id FROM posthorn.test_receivers WHERE space_id = $1 ORDER BY id DESC OFFSET ${PER_SPACE})`,
};
// Only for a receiver that is still there.
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

/** The receivers of spaces. In the database, because the process that receives need not be the one that is asked. */
@Injectable()
export class TestReceiversService {
  private readonly receivers: Repository<TestReceiverEntity>;
  private readonly received: Repository<TestRequestEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.receivers = database.source.getRepository(TestReceiverEntity);
    this.received = database.source.getRepository(TestRequestEntity);
  }

  async create(space: SpaceRef): Promise<TestReceiverEntity> {
    const now = this.clock.date();
    const receiver = this.receivers.create({
      ...{ id: newUuid(now.getTime()), spaceId: space.id, createdAt: now },
      ...{ status: 200, delayMs: 0, retryAfterSeconds: null },
    });
    await this.database.managerTransaction(async (manager) => {
      await manager.insert(TestReceiverEntity, receiver);
      await managerSql(manager)(TRIM, [space.id]);
      await this.audit(manager, space, receiver.id, { verb: 'create' });
    });
    return receiver;
  }

  /** `ref` is a `rcv_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<TestReceiverEntity> {
    const receiver = await this.lookUp(ref);
    if (receiver?.spaceId !== space.id) throw new NotFound('test receiver');
    return receiver;
  }

  /** The receiver of any space; null when there is none. */
  async lookUp(ref: string): Promise<TestReceiverEntity | null> {
    const id = parsePublicId('rcv', ref);
    return id === null ? null : this.receivers.findOneBy({ id });
  }

  /** Throws NotFound. */
  async change(space: SpaceRef, ref: string, changes: ReceiverChanges): Promise<TestReceiverEntity> {
    const { id } = await this.find(space, ref);
    // With the id among the values an empty change is a statement, too.
    await this.database.managerTransaction(async (manager) => {
      await manager.update(TestReceiverEntity, { id }, { id, ...changes });
      await this.audit(manager, space, id, { verb: 'update', after: { ...changes } });
    });
    return this.find(space, ref);
  }

  private audit(
    manager: EntityManager,
    { id: spaceId, by }: SpaceRef,
    id: string,
    change: { verb: string; after?: Facts },
  ): Promise<void> {
    const target = { type: 'test_receiver' as const, id: publicId('rcv', id) };
    return recordChange(managerSql(manager), this.clock.now(), { spaceId, by, target, ...change });
  }

  /** Keeps a request, and deletes the oldest ones beyond 200. */
  async record(receiverId: string, request: NewRequest): Promise<void> {
    const { method, path, headers, body, truncated } = request;
    const id = newUuid(this.clock.now());
    const values = [id, receiverId, method, path, JSON.stringify(headers), body, truncated];
    await this.database.sql(RECORD, values);
    await this.database.sql(DELETE_OLDEST, [receiverId]);
  }

  /** Oldest first. `after` is the dashed id of the last one seen. */
  async requests(receiverId: string, after: string | null): Promise<TestRequestEntity[]> {
    const newest = await this.received.find({
      where: { receiverId, ...(after && { id: MoreThan(after) }) },
      order: { id: 'desc' },
      take: MAX_REQUESTS,
    });
    return newest.reverse();
  }
}
