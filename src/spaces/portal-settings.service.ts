import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Invalid, NotFound } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import type { LogoType, PortalLook } from '../core/portal-look.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { Clock } from '../lib/clock.js';
import { lookAfter, lookIssues } from './portal-look-changes.js';
import type { ChangePortal, PortalView } from './portal-settings.dto.js';
import { PortalSettingsEntity } from './portal-settings.entity.js';
import { SpaceEntity } from './space.entity.js';
import type { SpaceRef } from './space-ref.js';
import { Batcher } from '../lib/batcher.js';
import { Lru } from '../lib/lru.js';

/** How old the policy of a page may be, milliseconds: pages are public, and each load would be a statement. */
const FRESH_MS = 2_000;
/** What is kept of them, bytes; without a logo one counts as 1 KB. What is out of date leaves only for others. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** Rows of one statement: each may have a logo. */
const MOST_ROWS = 32;

/** What a page of the portal needs before anybody is signed in. */
export interface PortalFace {
  look: PortalLook;
  logo: { type: LogoType; file: Buffer } | null;
  /** Of a logo that was uploaded, below the engine's address. */
  logoPath: string | null;
}

/** How the portals of spaces look. */
@Injectable()
export class PortalSettingsService {
  private readonly faces = new Lru<{ face: PortalFace | null }>(KEPT_BYTES, {
    ttl: FRESH_MS,
    sizeOf: ({ face }) => 1_024 + (face?.logo?.file.length ?? 0),
  });
  /** Anybody may ask, also for spaces that do not exist: however many do, it is one statement at a time. */
  private readonly rows = new Batcher<string, PortalSettingsEntity | null>((ids) => this.rowsOf(ids), {
    max: MOST_ROWS,
  });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  async read(spaceId: string): Promise<PortalView> {
    return this.view(spaceId, await this.rows.add(spaceId));
  }

  /** At most two seconds old; null: the space decided nothing, or there is none. */
  async face(spaceId: string): Promise<PortalFace | null> {
    const known = this.faces.get(spaceId);
    if (known) return known.face;
    const row = await this.rows.add(spaceId);
    const logo = row?.logo && row.logoType ? { type: row.logoType, file: row.logo } : null;
    const logoPath = logo && pathOfLogo(spaceId, logo.file);
    const face = row && { look: row.look, logo, logoPath };
    this.faces.set(spaceId, { face });
    return face;
  }

  /** What is left out stays. Throws Invalid and NotFound. */
  async change({ id, by }: SpaceRef, changes: ChangePortal): Promise<PortalView> {
    const issues = lookIssues(changes);
    if (issues.length > 0) throw new Invalid(issues);
    const after = await this.database.managerTransaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const space = await manager.findOne(SpaceEntity, { where: { id }, lock });
      if (!space) throw new NotFound('space');
      const row = await manager.findOneBy(PortalSettingsEntity, { spaceId: id });
      const next = rowAfter(row, id, changes, this.clock.date());
      await manager.upsert(PortalSettingsEntity, next, ['spaceId']);
      const target = { type: 'space' as const, id: publicId('spc', id), name: space.uid ?? space.name };
      const both = difference(factsOf(row), factsOf(next));
      await recordChange(managerSql(manager), this.clock.now(), {
        ...{ spaceId: id, by, verb: 'portal', target, ...both },
      });
      return next;
    });
    this.faces.delete(id);
    return this.view(id, after);
  }

  private async rowsOf(ids: string[]): Promise<(PortalSettingsEntity | null)[]> {
    const repository = this.database.source.getRepository(PortalSettingsEntity);
    const rows = await repository.findBy({ spaceId: In([...new Set(ids)]) });
    const byId = new Map(rows.map((row) => [row.spaceId, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  private view(spaceId: string, row: PortalSettingsEntity | null): PortalView {
    const { name, logoUrl, colours, fonts, fontUrl, scheme, language, showPosthorn, frameAncestors } =
      row?.look ?? {};
    const own = row?.logo ? pathOfLogo(spaceId, row.logo) : (logoUrl ?? this.settings.portalLogoUrl);
    return {
      name: name ?? null,
      logoUrl: own || null,
      colours: colours ?? null,
      fonts: fonts ?? [],
      fontUrl: fontUrl ?? null,
      scheme: scheme ?? 'auto',
      language: language ?? null,
      showPosthorn: showPosthorn ?? false,
      frameAncestors: frameAncestors ?? [],
    };
  }
}

/** Below the engine's address. Another logo has another one, so that it may be kept by browsers. */
function pathOfLogo(spaceId: string, file: Buffer): string {
  const version = createHash('sha256').update(file).digest('hex').slice(0, 12);
  return `portal/${publicId('spc', spaceId)}/logo?v=${version}`;
}

function rowAfter(
  row: PortalSettingsEntity | null,
  spaceId: string,
  changes: ChangePortal,
  updatedAt: Date,
): PortalSettingsEntity {
  const look = lookAfter(row?.look ?? {}, changes);
  const { logo, logoUrl } = changes;
  if (logo) {
    const file = Buffer.from(logo.data, 'base64');
    return { spaceId, look, logo: file, logoType: logo.type, updatedAt };
  }
  const isGone = logo === null || typeof logoUrl === 'string';
  return {
    ...{ spaceId, look, updatedAt },
    logo: isGone ? null : (row?.logo ?? null),
    logoType: isGone ? null : (row?.logoType ?? null),
  };
}

function factsOf(row: PortalSettingsEntity | null): Facts {
  return { ...row?.look, logo: row?.logo ? `${row.logoType}, ${row.logo.length} bytes` : null };
}
