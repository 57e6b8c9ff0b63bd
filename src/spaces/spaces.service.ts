import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan, QueryFailedError, type Repository } from 'typeorm';
import { Clock } from '../lib/clock.js';
import { Conflict, NotFound } from '../core/errors.js';
import { newUuid } from '../core/ids.js';
import { LIMIT_NAMES, type Limits } from '../core/limits.js';
import { Database } from '../database/database.js';
import { profileOf } from '../profiles/registry.js';
import { SpaceEntity } from './space.entity.js';
import type { CreateSpace, SpaceLimitsInput, UpdateSpace } from './space.dto.js';

/**
 * The log has no foreign keys, so its rows go by statements of their own. The space goes first: with its row locked
 * nobody can add keys, subscriptions or idempotency keys. An event published without one in this very moment may
 * stay behind, out of reach, until retention drops its day.
 */
const DELETE_SPACE = {
  name: 'spaces_delete',
  text: `DELETE FROM posthorn.spaces WHERE id = $1 RETURNING id`,
};
const DELETE_LOG = [
  {
    // An attempt that is being written is written by the time its delivery's lock is ours, and none is begun from then on.
    name: 'spaces_lock_deliveries',
    text: `SELECT count(*) FROM (
      SELECT FROM posthorn.deliveries WHERE space_id = $1 AND status IN ('pending', 'held') FOR UPDATE) locked`,
  },
  {
    name: 'spaces_delete_attempts',
    text: `DELETE FROM posthorn.attempts WHERE delivery_id IN (SELECT id FROM posthorn.deliveries WHERE space_id = $1)`,
  },
  { name: 'spaces_delete_deliveries', text: `DELETE FROM posthorn.deliveries WHERE space_id = $1` },
  { name: 'spaces_delete_outcomes', text: `DELETE FROM posthorn.outcomes WHERE space_id = $1` },
  { name: 'spaces_delete_events', text: `DELETE FROM posthorn.events WHERE space_id = $1` },
];

/** Which part of a list ordered by id to read. */
export interface Slice {
  /** The last id seen; null from the beginning. */
  after: string | null;
  order: 'asc' | 'desc';
  limit: number;
}

@Injectable()
export class SpacesService {
  private readonly spaces: Repository<SpaceEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.spaces = database.source.getRepository(SpaceEntity);
  }

  /** Throws `Conflict` when another space has the uid, `Invalid` for a profile this release does not have. */
  async create(input: CreateSpace): Promise<SpaceEntity> {
    profileOf(input.profile ?? 'native');
    const now = this.clock.date();
    const space = this.spaces.create({
      id: newUuid(now.getTime()),
      uid: input.uid ?? null,
      name: input.name,
      profile: input.profile ?? 'native',
      metadata: input.metadata ?? {},
      limits: input.limits ? changed(null, input.limits) : null,
      createdAt: now,
      updatedAt: now,
    });
    await this.guardUid(input.uid, this.spaces.insert(space));
    return space;
  }

  list({ after, order, limit }: Slice): Promise<SpaceEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    return this.spaces.find({
      where: after === null ? {} : { id: beyond(after) },
      order: { id: order },
      take: limit,
    });
  }

  async get(id: string): Promise<SpaceEntity> {
    const space = await this.spaces.findOneBy({ id });
    if (!space) throw new NotFound('space');
    return space;
  }

  async update(id: string, { name, uid, metadata, limits }: UpdateSpace): Promise<SpaceEntity> {
    const update = this.database.managerTransaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const space = limits && (await manager.findOne(SpaceEntity, { where: { id }, lock }));
      await manager.update(SpaceEntity, id, {
        name,
        uid,
        metadata,
        ...(space && { limits: changed(space.limits, limits) }),
        updatedAt: this.clock.date(),
        // Publishers know their callers' space by its uid, and its limits, too.
        ...((uid !== undefined || limits) && { routingVersion: () => 'routing_version + 1' }),
      });
    });
    await this.guardUid(uid, update);
    return this.get(id);
  }

  /** Takes everything in the space along: keys, subscriptions, events, deliveries, attempts. All or nothing. */
  async delete(id: string): Promise<void> {
    await this.database.transaction(async (sql) => {
      const deleted = await sql(DELETE_SPACE, [id]);
      if (deleted.length === 0) throw new NotFound('space');
      for (const statement of DELETE_LOG) await sql(statement, [id]);
    });
  }

  private async guardUid(uid: string | null | undefined, write: Promise<unknown>): Promise<void> {
    try {
      await write;
    } catch (error) {
      if (!isTakenUid(error)) throw error;
      throw new Conflict('uid_taken', `Another space has the uid "${uid}". Choose another one.`);
    }
  }
}

/** A space's own limits after a change: what is null goes, what is left out stays. */
function changed(before: Partial<Limits> | null, changes: SpaceLimitsInput): Partial<Limits> | null {
  const all = { ...before, ...changes };
  const own = LIMIT_NAMES.flatMap((name) => {
    const limit = all[name];
    return typeof limit === 'number' ? [[name, limit] as const] : [];
  });
  return own.length > 0 ? Object.fromEntries(own) : null;
}

function isTakenUid(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'spaces_uid_key';
}
