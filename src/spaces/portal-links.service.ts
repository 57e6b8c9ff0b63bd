import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { NotFound } from '../core/errors.js';
import { newUuid } from '../core/ids.js';
import { Database } from '../database/database.js';
import { listStatement } from '../database/list-statement.js';
import type { Caller } from './access-rule.js';
import { hashKey, randomText } from './key-text.js';
import {
  TOKEN_PREFIX,
  type FoundLink,
  type LinkWithSpace,
  type PortalLinkRow,
  type PortalScope,
} from './portal-link.js';
import { checkLimitForOneMore } from './space-limits.js';
import type { Slice } from './spaces.service.js';

const COLUMNS = 'id, scope, created_at, expires_at';
const INSERT = {
  name: 'portal_links_insert',
  text: `INSERT INTO posthorn.portal_links (id, space_id, key_id, scope, hash, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
};
const FIND = {
  name: 'portal_links_find',
  text: `SELECT l.id, encode(l.hash, 'hex') AS hash, l.scope, l.expires_at, k.expires_at AS key_expires_at,
      s.id AS space_id, s.uid, s.profile
    FROM posthorn.portal_links l
    JOIN posthorn.spaces s ON s.id = l.space_id
    LEFT JOIN posthorn.api_keys k ON k.id = l.key_id
    WHERE l.hash = ANY($1::bytea[])`,
};
const REVOKE = {
  name: 'portal_links_revoke',
  text: `DELETE FROM posthorn.portal_links WHERE id = $1 AND space_id = $2 RETURNING id`,
};
const FORGET = {
  name: 'portal_links_forget',
  text: `DELETE FROM posthorn.portal_links WHERE space_id = $1 AND expires_at <= $2`,
};

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

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** The stored link and its token, which exists nowhere else from here on. It goes with the key that made it. Throws LimitReached. */
  async create(
    spaceId: string,
    caller: Caller,
    scope: PortalScope,
    seconds: number,
  ): Promise<{ row: PortalLinkRow; token: string }> {
    const now = this.clock.date();
    const token = TOKEN_PREFIX + randomText();
    const expiresAt = new Date(now.getTime() + seconds * 1_000);
    const keyId = caller.kind === 'key' ? caller.keyId : null;
    const values = [newUuid(now.getTime()), spaceId, keyId, scope, hashKey(token), now, expiresAt];
    const [row] = await this.database.transaction(async (sql) => {
      await sql(FORGET, [spaceId, now]);
      await checkLimitForOneMore(sql, this.settings, spaceId, 'portalLinks');
      return sql<PortalLinkRow>(INSERT, values);
    });
    if (!row) throw new Error('The portal link was not written.');
    return { row, token };
  }

  list(spaceId: string, { after, order, limit }: Slice): Promise<PortalLinkRow[]> {
    const { statement, values } = listStatement({
      name: 'portal_links_list',
      select: `SELECT ${COLUMNS} FROM posthorn.portal_links`,
      key: 'id',
      conditions: [
        [(p) => `space_id = ${p}`, spaceId],
        [(p) => `expires_at > ${p}`, this.clock.date()],
      ],
      after,
      order,
      limit,
    });
    return this.database.sql<PortalLinkRow>(statement, values);
  }

  /** The row goes, so the next request with this link finds nothing. Throws NotFound. */
  async revoke(spaceId: string, id: string): Promise<void> {
    const gone = await this.database.sql(REVOKE, [id, spaceId]);
    if (gone.length === 0) throw new NotFound('portal link');
  }

  /** The link with this token; null when it is unknown, revoked or expired, or the key that made it is. */
  async find(token: string): Promise<FoundLink | null> {
    const row = await this.batcher.add(hashKey(token));
    const now = this.clock.date();
    if (!row || row.expires_at <= now || (row.key_expires_at !== null && row.key_expires_at <= now))
      return null;
    const { space_id: id, uid, profile } = row;
    return { linkId: row.id, scope: row.scope, space: { id, uid, profile } };
  }

  private async findAll(hashes: Buffer[]): Promise<(LinkWithSpace | null)[]> {
    const rows = await this.database.sql<LinkWithSpace>(FIND, [hashes]);
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => byHash.get(hash.toString('hex')) ?? null);
  }
}
