import { Injectable } from '@nestjs/common';
import { difference } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Conflict, Forbidden, Invalid, NotFound } from '../core/errors.js';
import { misplacedStars } from '../core/event-pattern.js';
import { publicId } from '../core/ids.js';
import type { SpaceCatalogue } from '../core/space-catalogue.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { Clock } from '../lib/clock.js';
import { profileOf } from '../profiles/registry.js';
import { bumpRouting } from './routing-version.js';
import type { ChangeCatalogue, SpaceCatalogueView } from './space-catalogue.dto.js';
import { SpaceEntity } from './space.entity.js';
import type { SpaceRef } from './space-ref.js';

const DEFAULTS = { hidden: [], features: [] };

/** What each space decides about its catalogue of event types. */
@Injectable()
export class SpaceCatalogueService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  async read({ id, profile }: SpaceRef): Promise<SpaceCatalogueView> {
    const space = await this.database.source.getRepository(SpaceEntity).findOneBy({ id });
    if (!space) throw new NotFound('space');
    return this.view(profile, space.catalogue);
  }

  /**
   * What is left out stays. Throws Conflict in a space of a provider's profile, and Forbidden for features unless
   * `isOperator`.
   */
  async change(space: SpaceRef, changes: ChangeCatalogue, isOperator: boolean): Promise<SpaceCatalogueView> {
    const { id, profile, by } = space;
    if (!profileOf(profile).takesInstanceTypes) {
      const message =
        `The events of the ${profile} profile are fixed: nothing of them can be turned off, hidden or ` +
        'added by the operator.';
      throw new Conflict('fixed_catalogue', message);
    }
    if (changes.features && !isOperator)
      throw new Forbidden('Only the admin key changes the features of a space.');
    const issues = misplacedStars(changes.hidden ?? [], 'hidden');
    if (issues.length > 0) throw new Invalid(issues);
    return this.database.managerTransaction(async (manager) => {
      const sql = managerSql(manager);
      // It locks the row.
      await bumpRouting(sql, [id]);
      const row = await manager.findOneBy(SpaceEntity, { id });
      if (!row) throw new NotFound('space');
      const catalogue = changed(row.catalogue, changes);
      await manager.update(SpaceEntity, id, { catalogue, updatedAt: this.clock.date() });
      const target = { type: 'space' as const, id: publicId('spc', id), name: row.uid ?? row.name };
      const both = difference({ ...row.catalogue }, { ...catalogue });
      await recordChange(sql, this.clock.now(), { spaceId: id, by, verb: 'update', target, ...both });
      return this.view(profile, catalogue);
    });
  }

  private view(profile: string, own: SpaceCatalogue | null): SpaceCatalogueView {
    const { takesInstanceTypes = false } = profileOf(profile);
    const builtInEvents = !takesInstanceTypes || this.settings.builtInEvents === 'on';
    const validation = takesInstanceTypes ? this.settings.validation : 'off';
    return { builtInEvents, ...DEFAULTS, validation, ...own };
  }
}

/** Null where nothing is decided any more. */
function changed(before: SpaceCatalogue | null, changes: ChangeCatalogue): SpaceCatalogue | null {
  const all: Record<string, unknown> = { ...before, ...changes };
  const decided = Object.entries(all).filter(
    ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return decided.length > 0 ? Object.fromEntries(decided) : null;
}
