import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, type EntityManager, type Repository } from 'typeorm';
import type { Origin } from '../audit/origin.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Conflict, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId, uuidFloor } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { ListShape } from '../database/list-statement.js';
import { DAY_MS } from '../database/partitions.js';
import { managerSql } from '../database/sql.js';
import { checkTimes } from '../events/check-times.js';
import type { EventDraft } from '../events/draft.js';
import { fingerprint } from '../events/fingerprint.js';
import { readEventAt } from '../events/publish-input.js';
import { readRequestKey } from '../events/request-key.js';
import { BroadcastEntity } from './broadcast.entity.js';
import { countSpaces } from './broadcast-record.js';

/** Broadcasts under way. */
const MAX_OPEN = 10;

/** What to publish, and where. */
export interface BroadcastInput {
  event: unknown;
  /** Of the event as it was sent. */
  text: string;
  tag?: string | undefined;
  /** The header. */
  idempotencyKey?: string | undefined;
}

/** Creates, lists and cancels broadcasts. Workers carry them out (`broadcast-runner.ts`). */
@Injectable()
export class BroadcastsService {
  private readonly broadcasts: Repository<BroadcastEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.broadcasts = database.source.getRepository(BroadcastEntity);
  }

  /** Throws Invalid for an event that no space could publish. */
  async count(input: BroadcastInput): Promise<number> {
    this.read(input);
    return countSpaces(this.database.sql, newUuid(this.clock.now()), input.tag ?? null);
  }

  /**
   * Creates a broadcast for the workers, and deletes those that ended before retention. `isRepeated`: it was created
   * before. Throws Invalid, and Conflict for a reused id and for too many under way.
   */
  async start(
    input: BroadcastInput,
    by: Origin | undefined,
  ): Promise<{ broadcast: BroadcastEntity; isRepeated: boolean }> {
    const draft = this.read(input);
    const now = this.clock.date();
    const key = keyOf(input, draft);
    const expired = new Date(now.getTime() - this.settings.retentionDays * DAY_MS);
    await this.broadcasts.delete({ finishedAt: LessThan(expired) });
    return this.database.managerTransaction(async (manager) => {
      const broadcast = await this.newBroadcast(manager, input, draft, now);
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(BroadcastEntity)
        .values({ ...broadcast, key })
        .orIgnore()
        .returning('id')
        .execute();
      const made = inserted.raw as unknown[];
      if (made.length === 0) {
        const first = await manager.findOneByOrFail(BroadcastEntity, { key: key as string });
        if (!first.fingerprint.equals(broadcast.fingerprint)) throw reused(input, draft);
        return { broadcast: first, isRepeated: true };
      }
      await this.admit(manager);
      const { type, uid, tag, spaces } = broadcast;
      await this.record(manager, by, broadcast.id, { verb: 'create', after: { type, uid, tag, spaces } });
      return { broadcast, isRepeated: false };
    });
  }

  list({ after, order, limit }: Pick<ListShape, 'after' | 'order' | 'limit'>): Promise<BroadcastEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    return this.broadcasts.find({
      where: { ...(after && { id: beyond(after) }) },
      order: { id: order },
      take: limit,
    });
  }

  /** `ref` is a `brd_` id. Throws NotFound. */
  async find(ref: string): Promise<BroadcastEntity> {
    const id = parsePublicId('brd', ref);
    const broadcast = id === null ? null : await this.broadcasts.findOneBy({ id });
    if (!broadcast) throw new NotFound('broadcast');
    return broadcast;
  }

  /** Stops a broadcast; what it published stays. Throws NotFound, and Conflict when it is finished. */
  async cancel(ref: string, by: Origin | undefined): Promise<BroadcastEntity> {
    const { id } = await this.find(ref);
    const isOpen = await this.database.managerTransaction(async (manager) => {
      const open = { id, finishedAt: IsNull() };
      const lock = { mode: 'pessimistic_write' } as const;
      const found = await manager.findOne(BroadcastEntity, { where: open, lock });
      if (!found) return false;
      const finishedAt = this.clock.date();
      await manager.update(BroadcastEntity, id, { status: 'cancelled', finishedAt, event: null });
      const before = { status: found.status, published: found.published };
      await this.record(manager, by, id, { verb: 'cancel', before, after: { status: 'cancelled' } });
      return true;
    });
    const broadcast = await this.find(ref);
    if (isOpen) return broadcast;
    const message = `Only an unfinished broadcast can be cancelled; this one is ${broadcast.status}.`;
    throw new Conflict('broadcast_finished', message);
  }

  private read({ event, text }: BroadcastInput): EventDraft {
    const draft = readEventAt(event, text, 'event');
    checkTimes([draft], this.clock.now());
    return draft;
  }

  private async newBroadcast(
    manager: EntityManager,
    { text, tag: given }: BroadcastInput,
    draft: EventDraft,
    now: Date,
  ): Promise<BroadcastEntity> {
    const id = newUuid(now.getTime());
    const tag = given ?? null;
    const spaces = await countSpaces(managerSql(manager), id, tag);
    const hash = createHash('sha256')
      .update(fingerprint(draft))
      .update(JSON.stringify([draft.key ?? null, tag]));
    return {
      ...{ id, status: 'pending', tag, key: null, fingerprint: hash.digest() },
      ...{ type: draft.type, uid: draft.key ?? null, event: text, position: uuidFloor(0), spaces },
      ...{ published: 0, skipped: 0, failed: 0, deliveries: '0', problems: [], failures: 0 },
      ...{ nextSliceAt: now, createdAt: now, finishedAt: null },
    };
  }

  /** The new one is counted already. */
  private async admit(manager: EntityManager): Promise<void> {
    const open = await manager.countBy(BroadcastEntity, { finishedAt: IsNull() });
    if (open <= MAX_OPEN) return;
    const message = `${MAX_OPEN} broadcasts are in progress. Wait until one has ended, or cancel one.`;
    throw new Conflict('too_many_broadcasts', message);
  }

  private record(
    manager: EntityManager,
    by: Origin | undefined,
    id: string,
    change: Pick<Parameters<typeof recordChange>[2], 'verb' | 'before' | 'after'>,
  ): Promise<void> {
    const target = { type: 'broadcast' as const, id: publicId('brd', id) };
    return recordChange(managerSql(manager), this.clock.now(), { spaceId: null, by, target, ...change });
  }
}

/** What a repetition is known by: the header, else the event's id. Null: nothing. */
function keyOf({ idempotencyKey }: BroadcastInput, draft: EventDraft): string | null {
  const header = readRequestKey(idempotencyKey, [{ ...draft }]);
  if (header) return `header:${header.name}`;
  return draft.key === undefined ? null : `id:${draft.key}`;
}

function reused({ idempotencyKey }: BroadcastInput, { key }: EventDraft): Conflict {
  const what = idempotencyKey === undefined ? `id "${key}"` : 'Idempotency-Key';
  const message = `The ${what} was used before for another broadcast. Use a new one for a new broadcast.`;
  return new Conflict('idempotency_conflict', message);
}
