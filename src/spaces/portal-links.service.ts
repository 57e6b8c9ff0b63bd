import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual, MoreThan, type Repository } from 'typeorm';
import { Batcher } from '../lib/batcher.js';
import type { Facts } from '../audit/changes.js';
import { recordChange, type Target } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { NotFound } from '../core/errors.js';
import { newUuid, publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import type { Caller } from './access-rule.js';
import { hashKey, randomText } from '../core/key-text.js';
import { TOKEN_PREFIX, type FoundLink, type LinkWithSpace, type PortalScope } from './portal-link.js';
import { accessOf, storedAccess, type PortalRight } from './portal-rights.js';
import { PortalLinkEntity } from './portal-link.entity.js';
import { checkLimitForOneMore, counted } from './space-limits.js';
import type { SpaceRef } from './space-ref.js';
import type { IdSlice } from './spaces.service.js';

// For each request with a link, so many at once.
const FIND = {
  name: 'portal_links_find',
  text: `SELECT l.id, encode(l.hash, 'hex') AS hash, l.scope, l.rights, l.expires_at, k.expires_at AS key_expires_at,
      s.id AS space_id, s.uid, s.profile
    FROM posthorn.portal_links l
    JOIN posthorn.spaces s ON s.id = l.space_id
    LEFT JOIN posthorn.api_keys k ON k.id = l.key_id
    WHERE l.hash = ANY($1::bytea[])`,
};

const PORTAL_LINKS = counted('portalLinks', 'portal links', 'posthorn.portal_links');

/**
 * Portal links. Like keys, they are stored as hashes and looked up anew for each request, so that a revoked one is
 * refused at once by every process.
 */
@Injectable()
export class PortalLinksService {
  private readonly batcher = new Batcher<Buffer, LinkWithSpace | null>((hashes) => this.findAll(hashes), {
    max: 256,
    parallel: 2,
  });
  private readonly links: Repository<PortalLinkEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.links = database.source.getRepository(PortalLinkEntity);
  }

  /**
   * The stored link and its token, which is kept nowhere. Deleting the key that made it deletes the link. Throws
   * LimitReached.
   */
  async create(
    { id: spaceId, by }: SpaceRef,
    caller: Caller,
    { scope, rights, seconds }: { scope: PortalScope; rights?: readonly PortalRight[]; seconds: number },
  ): Promise<{ row: PortalLinkEntity; token: string }> {
    const now = this.clock.date();
    const token = TOKEN_PREFIX + randomText();
    const row = this.links.create({
      id: newUuid(now.getTime()),
      spaceId,
      keyId: caller.kind === 'key' ? caller.keyId : null,
      ...storedAccess(scope, rights),
      hash: hashKey(token),
      expiresAt: new Date(now.getTime() + seconds * 1_000),
      createdAt: now,
    });
    await this.database.managerTransaction(async (manager) => {
      await manager.delete(PortalLinkEntity, { spaceId, expiresAt: LessThanOrEqual(now) });
      await checkLimitForOneMore(managerSql(manager), this.settings, spaceId, PORTAL_LINKS);
      await manager.insert(PortalLinkEntity, row);
      const change = { spaceId, by, verb: 'create', target: targetOf(row), after: factsOf(row) };
      await recordChange(managerSql(manager), now.getTime(), change);
    });
    return { row, token };
  }

  list(spaceId: string, { after, order, limit }: IdSlice): Promise<PortalLinkEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    return this.links.find({
      where: { spaceId, expiresAt: MoreThan(this.clock.date()), ...(after && { id: beyond(after) }) },
      order: { id: order },
      take: limit,
    });
  }

  /** Deletes the row: the next request with this link is refused. Throws NotFound. */
  async revoke({ id: spaceId, by }: SpaceRef, id: string): Promise<void> {
    await this.database.managerTransaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const link = await manager.findOne(PortalLinkEntity, { where: { id, spaceId }, lock });
      if (!link) throw new NotFound('portal link');
      await manager.delete(PortalLinkEntity, { id, spaceId });
      const change = { spaceId, by, verb: 'revoke', target: targetOf(link), before: factsOf(link) };
      await recordChange(managerSql(manager), this.clock.now(), change);
    });
  }

  /** The link with this token; null when it is unknown, revoked or expired, or the key that made it is. */
  async find(token: string): Promise<FoundLink | null> {
    const row = await this.batcher.add(hashKey(token));
    const now = this.clock.date();
    if (!row || row.expires_at <= now || (row.key_expires_at !== null && row.key_expires_at <= now))
      return null;
    const { space_id: id, uid, profile } = row;
    return { linkId: row.id, ...accessOf(row), space: { id, uid, profile } };
  }

  private async findAll(hashes: Buffer[]): Promise<(LinkWithSpace | null)[]> {
    const rows = await this.database.sql<LinkWithSpace>(FIND, [hashes]);
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => byHash.get(hash.toString('hex')) ?? null);
  }
}

function targetOf({ id }: PortalLinkEntity): Target {
  return { type: 'portal_link', id: publicId('lnk', id) };
}

function factsOf({ expiresAt, ...row }: PortalLinkEntity): Facts {
  return { scope: accessOf(row).scope, ...(row.rights && { rights: row.rights }), expiresAt };
}
