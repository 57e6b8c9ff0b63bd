import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Conflict, NotFound } from '../core/errors.js';
import type { ProfileName } from '../core/domain-types.js';
import { isEventTypeName } from '../core/event-type-name.js';
import type { SpaceCatalogue } from '../core/space-catalogue.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { checkLimitForOneMore, counted } from '../spaces/space-limits.js';
import { bumpRouting } from '../spaces/routing-version.js';
import { builtInEntry, composeCatalogue, ownEntry, type CatalogueEntry } from './catalogue-entry.js';
import { catalogueDefaults } from './catalogue-defaults.js';
import { checkName, DefinitionChecks } from './check-definition.js';
import { columnsOf, definitionFacts, type EventTypeDefinition } from './definition.js';
import { EventTypeEntity } from './event-type.entity.js';
import { breakingChanges, incompatible } from './check-change.js';
import { checkParts } from './read-versions.js';
import { InstanceEventTypeEntity } from './instance-event-type.entity.js';

const FOREIGN_KEY_VIOLATION = '23503';

const EVENT_TYPES = counted('eventTypes', 'event types of its own', 'posthorn.event_types');

const DECISIONS = {
  name: 'space_catalogue_read',
  text: `SELECT catalogue FROM posthorn.spaces WHERE id = $1`,
};

/** What a space may publish: the events of its profile, the instance's types, and those it defined itself. */
@Injectable()
export class EventTypesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly checks: DefinitionChecks,
  ) {}

  /** A profile's own events, in the order of its catalogue. Throws Invalid for a profile this release does not have. */
  builtIn(profile: ProfileName): CatalogueEntry[] {
    const { catalogue, takesInstanceTypes = false } = profileOf(profile);
    const { validation } = this.settings;
    return catalogue.map((type) => builtInEntry(type, { takesInstanceTypes, validation }));
  }

  /** The profile's events, then the instance's types and the space's own by name. */
  catalogueOf(space: SpaceRef): Promise<CatalogueEntry[]> {
    return this.read(space);
  }

  /** What a subscription of this profile hears of: its own catalogue, and types of no profile if it takes them. */
  async knownTo(space: SpaceRef, profile: ProfileName): Promise<CatalogueEntry[]> {
    const all = await this.catalogueOf(space);
    if (profile === space.profile) return all;
    const builtIns = new Set(profileOf(space.profile).catalogue.map(({ name }) => name));
    const custom = all.filter(({ custom, name }) => custom || !builtIns.has(name));
    return [...this.builtIn(profile), ...(profileOf(profile).extensible ? custom : [])];
  }

  /** Throws NotFound when the space's catalogue has no such name. */
  async find(space: SpaceRef, name: string): Promise<CatalogueEntry> {
    const found = isEventTypeName(name) ? await this.read(space, name) : [];
    const entry = found.find((type) => type.name === name);
    if (!entry) throw new NotFound('event type');
    return entry;
  }

  /**
   * Makes the space's own event type, or replaces the one of that name. Throws Conflict where it may not, and without
   * `force` where that breaks publishers or receivers; LimitReached, Invalid and Throttled.
   */
  async put(
    space: SpaceRef,
    name: string,
    definition: EventTypeDefinition,
    { force = false }: { force?: boolean } = {},
  ): Promise<CatalogueEntry> {
    checkExtensible(space);
    checkName(name);
    await checkParts(definition);
    await this.checkFree(space, name);
    const now = this.clock.date();
    const columns = columnsOf(definition);
    await this.checks.check(space.id, definition, now.getTime());
    const row: EventTypeEntity = { spaceId: space.id, name, ...columns, createdAt: now, updatedAt: now };
    await this.change(space, async (manager) => {
      const known = await manager.findOneBy(EventTypeEntity, { spaceId: space.id, name });
      const breaking = known && !force ? await breakingChanges(known, row) : [];
      if (breaking.length > 0) throw incompatible(breaking);
      if (!known) await checkLimitForOneMore(managerSql(manager), this.settings, space.id, EVENT_TYPES);
      await manager.save(EventTypeEntity, { ...row, createdAt: known?.createdAt ?? now });
      const both = known
        ? difference(definitionFacts(known), definitionFacts(row))
        : { after: definitionFacts(row) };
      await this.record(manager, space, { verb: known ? 'update' : 'create', name, ...both });
    });
    const { validation = this.settings.validation } = await this.decisionsOf(space);
    return ownEntry(row, validation);
  }

  /** Subscriptions that name the type stay as they are; nothing can be published under it any more. */
  async delete(space: SpaceRef, name: string): Promise<void> {
    checkExtensible(space);
    if (!isEventTypeName(name)) throw new NotFound('event type');
    await this.checkFree(space, name);
    await this.change(space, async (manager) => {
      const known = await manager.findOneBy(EventTypeEntity, { spaceId: space.id, name });
      const { affected } = await manager.delete(EventTypeEntity, { spaceId: space.id, name });
      if (affected === 0 || !known) throw new NotFound('event type');
      await this.record(manager, space, { verb: 'delete', name, before: definitionFacts(known) });
    });
  }

  /** The space's catalogue, or the part of it that has this name. */
  private async read(space: SpaceRef, name?: string): Promise<CatalogueEntry[]> {
    const named = name === undefined ? {} : { name };
    const order = { name: 'ASC' } as const;
    const takes = profileOf(space.profile).takesInstanceTypes;
    const [own, instance, decisions] = await Promise.all([
      this.rows.find({ where: { spaceId: space.id, ...named }, order }),
      takes ? this.instanceRows.find({ where: named, order }) : [],
      this.decisionsOf(space),
    ]);
    const defaults = catalogueDefaults(this.settings);
    return composeCatalogue({ profile: space.profile, space: decisions, defaults, instance, own });
  }

  /** Throws Conflict when the name is taken by an event that is not the space's own. */
  private async checkFree(space: SpaceRef, name: string): Promise<void> {
    const [taken] = (await this.read(space, name)).filter((type) => type.name === name && !type.custom);
    if (!taken) return;
    const hide =
      'Choose another name, or hide the type: PATCH /v1/spaces/{space}/catalogue with {"hidden": ' +
      `["${name}"]}.`;
    throw taken.source
      ? new Conflict('instance_event_type', `${name} is defined for the whole instance. ${hide}`)
      : new Conflict('builtin_event_type', `${name} is built in and cannot be changed. Choose another name.`);
  }

  private async decisionsOf({ id }: SpaceRef): Promise<SpaceCatalogue> {
    const [row] = await this.database.sql<{ catalogue: SpaceCatalogue | null }>(DECISIONS, [id]);
    return row?.catalogue ?? {};
  }

  /** The bump in the same transaction is what makes other processes' publishers see the change at once. */
  private async change(space: SpaceRef, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.database.managerTransaction(async (manager) => {
        await bumpRouting(managerSql(manager), [space.id]);
        await work(manager);
      });
    } catch (error) {
      if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) throw new NotFound('space');
      throw error;
    }
  }

  private record(
    manager: EntityManager,
    { id: spaceId, by }: SpaceRef,
    { name, ...change }: { verb: string; name: string; before?: Facts; after?: Facts },
  ): Promise<void> {
    const target = { type: 'event_type' as const, id: name };
    return recordChange(managerSql(manager), this.clock.now(), { spaceId, by, target, ...change });
  }

  private get rows() {
    return this.database.source.getRepository(EventTypeEntity);
  }

  private get instanceRows() {
    return this.database.source.getRepository(InstanceEventTypeEntity);
  }
}

function checkExtensible(space: SpaceRef): void {
  if (profileOf(space.profile).extensible) return;
  const message =
    `The events of the ${space.profile} profile are fixed. Use a space of the native profile for your ` +
    'own.';
  throw new Conflict('fixed_catalogue', message);
}
