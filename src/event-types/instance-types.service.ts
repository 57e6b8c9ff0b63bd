import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import type { Origin } from '../audit/origin.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Invalid, LimitReached, NotFound, type Issue } from '../core/errors.js';
import { isEventTypeName } from '../core/event-type-name.js';
import type { ProfileName } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { Clock } from '../lib/clock.js';
import { knownProfiles, profileOf } from '../profiles/registry.js';
import { bumpAllRouting } from '../spaces/routing-version.js';
import { composeCatalogue, instanceEntry, type CatalogueEntry } from './catalogue-entry.js';
import { catalogueDefaults } from './catalogue-defaults.js';
import { checkName, DefinitionChecks } from './check-definition.js';
import {
  isChange,
  issuesBelow,
  readDefinitions,
  reportOf,
  withoutBreaking,
  type SyncOptions,
  type SyncReport,
} from './catalogue-sync.js';
import { columnsOf, definitionFacts, type InstanceTypeDefinition } from './definition.js';
import { breakingChanges, incompatible } from './check-change.js';
import { checkParts } from './read-versions.js';
import type { EventDefinitions } from './define-events.js';
import { InstanceEventTypeEntity, type TypeSource } from './instance-event-type.entity.js';

/** Event types of the instance: each process that publishes has the names in memory. */
const MAX_TYPES = 5_000;

/** The event types of the whole instance. Spaces of the native profile have them besides the built-in ones. */
@Injectable()
export class InstanceTypesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly checks: DefinitionChecks,
  ) {}

  /**
   * What a profile's spaces have before they decide anything, and the types that need a feature with `all`. Throws
   * Invalid for a profile this release does not have.
   */
  async list(profile: ProfileName, all: boolean): Promise<CatalogueEntry[]> {
    const rows = profileOf(profile).takesInstanceTypes
      ? await this.rows.find({ order: { name: 'ASC' } })
      : [];
    return this.compose(profile, rows, all);
  }

  /** Throws NotFound. */
  async find(name: string, all: boolean): Promise<CatalogueEntry> {
    const row = isEventTypeName(name) ? await this.rows.findOneBy({ name }) : null;
    const [profile = ''] = profilesOfInstance();
    const entry = this.compose(profile, row ? [row] : [], all).find((type) => type.name === name);
    if (!entry) throw new NotFound('event type');
    return entry;
  }

  /**
   * Makes the event type, or replaces the one of that name. Throws Invalid, Throttled, LimitReached, and without
   * `force` Conflict for a change that breaks publishers or receivers.
   */
  async put(
    name: string,
    definition: InstanceTypeDefinition,
    {
      by,
      source = 'api',
      force = false,
    }: { by?: Origin | undefined; source?: TypeSource; force?: boolean } = {},
  ): Promise<CatalogueEntry> {
    checkName(name);
    await checkParts(definition);
    const now = this.clock.date();
    const columns = columnsOf(definition);
    await this.checks.check(null, definition, now.getTime());
    const row: InstanceEventTypeEntity = {
      ...{ name, ...columns, feature: definition.feature ?? null, source },
      ...{ createdAt: now, updatedAt: now },
    };
    await this.change(async (manager) => {
      const known = await manager.findOneBy(InstanceEventTypeEntity, { name });
      const breaking = known && !force ? await breakingChanges(known, row) : [];
      if (breaking.length > 0) throw incompatible(breaking);
      if (!known && (await manager.count(InstanceEventTypeEntity)) >= MAX_TYPES) throw tooMany();
      await manager.save(InstanceEventTypeEntity, { ...row, createdAt: known?.createdAt ?? now });
      const both = known
        ? difference(definitionFacts(known), definitionFacts(row))
        : { after: definitionFacts(row) };
      await this.record(manager, by, { verb: known ? 'update' : 'create', name, ...both });
    });
    return instanceEntry(row, this.settings.validation);
  }

  /**
   * Defines all of these, and with `prune` removes those that the same source defined and that are not among them: all
   * in one transaction, or nothing. `dryRun` only reports. Throws Invalid, with paths such as `types["a.b"].schema`,
   * and Conflict for changes that break publishers or receivers.
   */
  async sync(types: Record<string, InstanceTypeDefinition>, options: SyncOptions): Promise<SyncReport> {
    const { source, dryRun = false, by } = options;
    const wanted = await readDefinitions(types);
    const compare = async (manager: EntityManager) => {
      const rows = await manager.find(InstanceEventTypeEntity);
      return withoutBreaking(reportOf(wanted, rows, options), wanted, rows, options);
    };
    const report = await compare(this.database.source.manager);
    await this.checkAll(wanted, [...report.created, ...report.updated]);
    if (dryRun || !isChange(report)) return report;
    const now = this.clock.date();
    let done = report;
    await this.change(async (manager) => {
      done = await compare(manager);
      const known = new Map((await manager.find(InstanceEventTypeEntity)).map((row) => [row.name, row]));
      if (known.size + done.created.length > MAX_TYPES) throw tooMany();
      for (const name of [...done.created, ...done.updated]) {
        const before = known.get(name);
        const columns = columnsOf(wanted[name] ?? {});
        const feature = wanted[name]?.feature ?? null;
        const row = {
          name,
          ...columns,
          feature,
          source,
          createdAt: before?.createdAt ?? now,
          updatedAt: now,
        };
        await manager.save(InstanceEventTypeEntity, row);
        const both = before
          ? difference(definitionFacts(before), definitionFacts(row))
          : { after: definitionFacts(row) };
        await this.record(manager, by, { verb: before ? 'update' : 'create', name, ...both });
      }
      for (const name of done.removed) {
        const before = known.get(name);
        await manager.delete(InstanceEventTypeEntity, { name });
        await this.record(manager, by, {
          verb: 'delete',
          name,
          ...(before && { before: definitionFacts(before) }),
        });
      }
    });
    return done;
  }

  /** Defines event types by code (`defineEvents`), as an application starts. */
  define(
    { types }: EventDefinitions<never>,
    options: Pick<SyncOptions, 'force' | 'onIncompatible'> = {},
  ): Promise<SyncReport> {
    return this.sync(types, { ...options, source: 'code' });
  }

  private async checkAll(types: Record<string, InstanceTypeDefinition>, names: string[]): Promise<void> {
    const issues: Issue[] = [];
    for (const name of names) {
      try {
        await this.checks.check(null, types[name] ?? {}, this.clock.now());
      } catch (error) {
        issues.push(...issuesBelow(name, error));
      }
    }
    if (issues.length > 0) throw new Invalid(issues);
  }

  /** A built-in event of this name is as it was. Throws NotFound. */
  async delete(name: string, by?: Origin): Promise<void> {
    if (!isEventTypeName(name)) throw new NotFound('event type');
    await this.change(async (manager) => {
      const known = await manager.findOneBy(InstanceEventTypeEntity, { name });
      if (!known) throw new NotFound('event type');
      await manager.delete(InstanceEventTypeEntity, { name });
      await this.record(manager, by, { verb: 'delete', name, before: definitionFacts(known) });
    });
  }

  private compose(profile: ProfileName, rows: InstanceEventTypeEntity[], all: boolean): CatalogueEntry[] {
    const features = all ? rows.flatMap(({ feature }) => feature ?? []) : [];
    const defaults = catalogueDefaults(this.settings);
    return composeCatalogue({ profile, space: { features }, defaults, instance: rows, own: [] });
  }

  /**
   * One change at a time, as the revision's row is locked. The bumps in the same transaction make all processes'
   * publishers see it at once.
   */
  private change(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    return this.database.managerTransaction(async (manager) => {
      const sql = managerSql(manager);
      await sql(NEXT_REVISION);
      await work(manager);
      await bumpAllRouting(sql, profilesOfInstance());
    });
  }

  private record(
    manager: EntityManager,
    by: Origin | undefined,
    { name, ...change }: { verb: string; name: string; before?: Facts; after?: Facts },
  ): Promise<void> {
    const target = { type: 'event_type' as const, id: name };
    return recordChange(managerSql(manager), this.clock.now(), { spaceId: null, by, target, ...change });
  }

  private get rows() {
    return this.database.source.getRepository(InstanceEventTypeEntity);
  }
}

const NEXT_REVISION = {
  name: 'catalogue_next_revision',
  text: `UPDATE posthorn.catalogue_revision SET revision = revision + 1`,
};

function tooMany(): LimitReached {
  return new LimitReached(`The instance may have ${MAX_TYPES} event types. Delete one.`);
}

/** The profiles whose spaces have the instance's event types. */
function profilesOfInstance(): ProfileName[] {
  return knownProfiles().filter((name) => profileOf(name).takesInstanceTypes);
}
