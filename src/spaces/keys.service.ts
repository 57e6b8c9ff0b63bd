import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan, type Repository } from 'typeorm';
import type { Facts } from '../audit/changes.js';
import { recordChange, type Target } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Invalid, NotFound } from '../core/errors.js';
import { newUuid, publicId } from '../core/ids.js';
import { INVALID_TIME_HINT, parseTime } from '../lib/iso-time.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { ApiKeyEntity } from './api-key.entity.js';
import type { CreateKey } from './key.dto.js';
import { hashKey, keyPrefix, newKeyText } from '../core/key-text.js';
import { checkLimitForOneMore, counted } from './space-limits.js';
import { bumpRouting } from './routing-version.js';
import type { SpaceRef } from './space-ref.js';
import type { IdSlice } from './spaces.service.js';

const KEYS = counted('keys', 'keys', 'posthorn.api_keys');

@Injectable()
export class KeysService {
  private readonly keys: Repository<ApiKeyEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.keys = database.source.getRepository(ApiKeyEntity);
  }

  /** The stored key and its text, which exists nowhere else from here on. Throws LimitReached. */
  async create(
    { id: spaceId, by }: Pick<SpaceRef, 'id' | 'by'>,
    input: CreateKey,
  ): Promise<{ entity: ApiKeyEntity; key: string }> {
    const now = this.clock.date();
    const key = newKeyText();
    const entity = this.keys.create({
      id: newUuid(now.getTime()),
      spaceId,
      name: input.name,
      scope: input.scope,
      prefix: keyPrefix(key),
      hash: hashKey(key),
      expiresAt: expiryOf(input.expiresAt, now),
      lastUsedAt: null,
      createdAt: now,
    });
    await this.database.managerTransaction(async (manager) => {
      await checkLimitForOneMore(managerSql(manager), this.settings, spaceId, KEYS);
      await manager.insert(ApiKeyEntity, entity);
      const change = { spaceId, by, verb: 'create', target: targetOf(entity), after: factsOf(entity) };
      await recordChange(managerSql(manager), now.getTime(), change);
    });
    return { entity, key };
  }

  list(spaceId: string, { after, order, limit }: IdSlice): Promise<ApiKeyEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    const where = after === null ? { spaceId } : { spaceId, id: beyond(after) };
    return this.keys.find({ where, order: { id: order }, take: limit });
  }

  /** Deletes the row: the next request with this key is refused, also where a process had it in memory. */
  async revoke({ id: spaceId, by }: Pick<SpaceRef, 'id' | 'by'>, id: string): Promise<void> {
    await this.database.managerTransaction(async (manager) => {
      await bumpRouting(managerSql(manager), [spaceId]);
      const lock = { mode: 'pessimistic_write' } as const;
      const key = await manager.findOne(ApiKeyEntity, { where: { id, spaceId }, lock });
      if (!key) throw new NotFound('key');
      await manager.delete(ApiKeyEntity, { id, spaceId });
      const change = { spaceId, by, verb: 'revoke', target: targetOf(key), before: factsOf(key) };
      await recordChange(managerSql(manager), this.clock.now(), change);
    });
  }
}

function targetOf({ id, name }: ApiKeyEntity): Target {
  return { type: 'key', id: publicId('key', id), name };
}

function factsOf({ name, scope, prefix, expiresAt }: ApiKeyEntity): Facts {
  return { name, scope, prefix, expiresAt };
}

function expiryOf(text: string | null | undefined, now: Date): Date | null {
  if (text === null || text === undefined) return null;
  const expiresAt = parseTime(text);
  if (expiresAt === null)
    throw new Invalid([
      { path: 'expiresAt', code: 'is_iso8601', message: `"${text.slice(0, 64)}" ${INVALID_TIME_HINT}` },
    ]);
  if (expiresAt > now.getTime()) return new Date(expiresAt);
  const message = 'Must be in the future. Leave it out for a key that never expires.';
  throw new Invalid([{ path: 'expiresAt', code: 'not_in_future', message }]);
}
