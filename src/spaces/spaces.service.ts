import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { QueryFailedError, type EntityManager, type Repository } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import type { Origin } from '../audit/origin.js';
import { recordChange, type Change } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { Settings } from '../config/settings.js';
import { Conflict, Invalid, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId } from '../core/ids.js';
import { LIMIT_NAMES } from '../core/limits.js';
import { RETENTION_NAMES, retentionIssues, type SpaceRetention } from '../core/space-retention.js';
import { Database } from '../database/database.js';
import { containing } from '../database/like.js';
import { managerSql } from '../database/sql.js';
import { checkNewUid, isUid, WRONG_UID } from '../http/uid.js';
import type { Place } from '../http/search.dto.js';
import { profileOf } from '../profiles/registry.js';
import { SPACE_DATA, type SpaceData } from './space-data.js';
import { SpaceEntity } from './space.entity.js';
import type { CreateSpace, SpaceRetentionInput, UpdateSpace } from './space.dto.js';

/** Which part of the list of spaces to read. */
export interface SpacesSlice extends Omit<IdSlice, 'after'> {
  /** Part of a name or uid, or an id. */
  q: string | undefined;
  /** Only those with this tag. */
  tag: string | undefined;
  /** Only these, by their UUIDs. */
  only?: string[] | undefined;
  /** Else by id. */
  isByName: boolean;
  after: Place | null;
}

/** What a space shall be that is named by its uid. */
export interface UpsertSpace extends Partial<Omit<CreateSpace, 'uid'>> {
  /** Your own id of it: 1 to 64 letters, digits, `-` or `_`. */
  uid: string;
}

/** Which part of a list ordered by id to read. */
export interface IdSlice {
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
    private readonly settings: Settings,
    @Inject(SPACE_DATA) private readonly data: SpaceData,
  ) {
    this.spaces = database.source.getRepository(SpaceEntity);
  }

  /** Throws `Conflict` when another space has the uid, `Invalid` for a profile this release does not have. */
  async create(input: CreateSpace, by?: Origin): Promise<SpaceEntity> {
    checkNewUid(input.uid);
    profileOf(input.profile ?? 'native');
    const now = this.clock.date();
    const space = this.spaces.create({
      id: newUuid(now.getTime()),
      uid: input.uid ?? null,
      name: input.name,
      profile: input.profile ?? 'native',
      metadata: input.metadata ?? {},
      tags: withoutRepeats(input.tags ?? []),
      limits: input.limits ? changed(LIMIT_NAMES, null, input.limits) : null,
      retention: input.retention ? this.retention(null, input.retention) : null,
      catalogue: null,
      createdAt: now,
      updatedAt: now,
    });
    const create = this.database.managerTransaction(async (manager) => {
      await manager.insert(SpaceEntity, space);
      await this.record(manager, { verb: 'create', by, space, after: factsOf(space) });
    });
    await this.guardUid(input.uid, create);
    return space;
  }

  /**
   * The space with this uid: made if there is none, changed where `input` says something else. What is left out stays;
   * the name of a new one is its uid unless given. Callers at the same moment get the same space. Throws Conflict for
   * another `profile` than it has, and as `create` and `update` do.
   */
  async upsertSpace({ uid, ...input }: UpsertSpace, by?: Origin): Promise<SpaceEntity> {
    if (!isUid(uid)) throw new Invalid([{ path: 'uid', code: 'matches', message: WRONG_UID }]);
    const found = await this.spaces.findOneBy({ uid });
    if (found) return this.changeWhatDiffers(found, input, by);
    try {
      return await this.create({ ...input, uid, name: input.name ?? uid }, by);
    } catch (error) {
      // Somebody else was faster.
      const other = error instanceof Conflict ? await this.spaces.findOneBy({ uid }) : null;
      if (!other) throw error;
      return this.changeWhatDiffers(other, input, by);
    }
  }

  private async changeWhatDiffers(
    space: SpaceEntity,
    { profile, ...input }: Omit<UpsertSpace, 'uid'>,
    by?: Origin,
  ): Promise<SpaceEntity> {
    if (profile !== undefined && profile !== space.profile) {
      const message = `The space "${space.uid}" has the profile ${space.profile}, which cannot be changed.`;
      throw new Conflict('profile_fixed', message);
    }
    const has: Record<string, unknown> = { ...space };
    const isSame = Object.entries(this.given(space, input)).every(([name, value]) =>
      isDeepStrictEqual(has[name], value),
    );
    return isSame ? space : this.update(space.id, input, by);
  }

  /** What the fields of a change become; those that are left out are not there. */
  private given(
    space: SpaceEntity,
    { name, uid, metadata, tags, limits, retention }: UpdateSpace,
  ): Partial<SpaceEntity> {
    return {
      ...(name !== undefined && { name }),
      ...(uid !== undefined && { uid }),
      ...(metadata !== undefined && { metadata }),
      ...(tags && { tags: withoutRepeats(tags) }),
      ...(limits && { limits: changed(LIMIT_NAMES, space.limits, limits) }),
      ...(retention && { retention: this.retention(space.retention, retention) }),
    };
  }

  /** Spaces are few, so a search reads all their names: a few milliseconds for 5,000. */
  list({ q, tag, only, isByName, after, order, limit }: SpacesSlice): Promise<SpaceEntity[]> {
    const direction = order === 'asc' ? 'ASC' : 'DESC';
    const beyond = order === 'asc' ? '>' : '<';
    const query = this.spaces.createQueryBuilder('space').where('true');
    if (q)
      query.andWhere('(space.name ILIKE :part OR space.uid ILIKE :part OR space.id = :id)', {
        part: containing(q),
        id: parsePublicId('spc', q),
      });
    if (only) query.andWhere('space.id = ANY(:only)', { only });
    if (tag !== undefined) query.andWhere(':tag = ANY(space.tags)', { tag });
    if (after?.text !== undefined) query.andWhere(`(space.name, space.id) ${beyond} (:text, :after)`);
    else if (after) query.andWhere(`space.id ${beyond} :after`);
    if (isByName) query.addOrderBy('space.name', direction);
    return query
      .addOrderBy('space.id', direction)
      .setParameters({ text: after?.text, after: after?.id })
      .limit(limit)
      .getMany();
  }

  async get(id: string): Promise<SpaceEntity> {
    const space = await this.spaces.findOneBy({ id });
    if (!space) throw new NotFound('space');
    return space;
  }

  async update(id: string, changes: UpdateSpace, by?: Origin): Promise<SpaceEntity> {
    const { uid, limits } = changes;
    const update = this.database.managerTransaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const space = await manager.findOne(SpaceEntity, { where: { id }, lock });
      if (!space) throw new NotFound('space');
      const given = this.given(space, changes);
      await manager.update(SpaceEntity, id, {
        ...given,
        updatedAt: this.clock.date(),
        // Publishers know their callers' space by its uid, and its limits, too.
        ...((uid !== undefined || limits) && { routingVersion: () => 'routing_version + 1' }),
      });
      const after = { ...space, ...given };
      const both = difference(factsOf(space), factsOf(after));
      await this.record(manager, { verb: 'update', by, space, ...both });
    });
    await this.guardUid(uid, update);
    return this.get(id);
  }

  /**
   * Deletes the space and everything in it: what is finished in slices, the rest in one transaction. There the row goes
   * first: while it is locked nobody can add keys, subscriptions or idempotency keys. An event published without a key
   * at this very moment may stay behind, out of reach, until retention drops its day. Throws NotFound, and Conflict
   * while it has a legal hold.
   */
  async delete(id: string, by?: Origin): Promise<void> {
    await this.data.removeMost(this.database, (await this.get(id)).id, this.clock.now());
    await this.database.managerTransaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const space = await manager.findOne(SpaceEntity, { where: { id }, lock });
      const { affected } = await manager.delete(SpaceEntity, { id });
      if (affected === 0 || !space) throw new NotFound('space');
      for (const deleteData of this.data.rest) await deleteData(managerSql(manager), id);
      await this.record(manager, { verb: 'delete', by, space, before: factsOf(space) });
    });
  }

  private record(
    manager: EntityManager,
    { space, ...change }: Omit<Change, 'spaceId' | 'target'> & { space: SpaceEntity },
  ): Promise<void> {
    const target = { type: 'space' as const, id: publicId('spc', space.id), name: space.uid ?? space.name };
    return recordChange(managerSql(manager), this.clock.now(), { ...change, spaceId: space.id, target });
  }

  /** Throws Invalid for what is longer than the instance keeps things. */
  private retention(
    before: Partial<SpaceRetention> | null,
    changes: SpaceRetentionInput,
  ): Partial<SpaceRetention> | null {
    const own = changed(RETENTION_NAMES, before, changes);
    const issues = retentionIssues(own ?? {}, this.settings.retentionDays);
    if (issues.length > 0) throw new Invalid(issues);
    return own;
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

/** What people decide of a space, for the audit log. */
function factsOf({ uid, name, profile, metadata, tags, limits, retention }: SpaceEntity): Facts {
  return { uid, name, profile, metadata, tags, limits, retention };
}

function withoutRepeats(tags: string[]): string[] {
  return [...new Set(tags)];
}

/** A space's own numbers after a change: what is null goes, what is left out stays. */
function changed<Name extends string>(
  names: readonly Name[],
  before: Partial<Record<Name, number>> | null,
  changes: Partial<Record<Name, number | null>>,
): Partial<Record<Name, number>> | null {
  const all: Partial<Record<Name, number | null>> = { ...before, ...changes };
  const own = names.flatMap((name) => {
    const number = all[name];
    return typeof number === 'number' ? [[name, number] as const] : [];
  });
  return own.length > 0 ? (Object.fromEntries(own) as Partial<Record<Name, number>>) : null;
}

function isTakenUid(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'spaces_uid_key';
}
