import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Conflict, NotFound } from '../core/errors.js';
import type { ProfileName } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import type { EventType } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { checkLimitForOneMore, counted } from '../spaces/space-limits.js';
import { bumpRouting } from '../spaces/routing-version.js';
import { checkName, DefinitionChecks, isEventTypeName } from './check-definition.js';
import { EventTypeEntity } from './event-type.entity.js';

/** An event type as a space sees it. */
export interface CatalogueEntry extends EventType {
  /** Whether the space defined it itself. */
  custom: boolean;
}

/** What a person says about an event type of their own. What is left out takes its default. */
export interface EventTypeDefinition {
  family?: string;
  description?: string;
  schema?: object;
  example?: object;
}

const FOREIGN_KEY_VIOLATION = '23503';

const EVENT_TYPES = counted('eventTypes', 'event types of its own', 'posthorn.event_types');

/** What a space may publish: the events of its profile and those it defined itself. */
@Injectable()
export class EventTypesService {
  private readonly checks = new DefinitionChecks();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** A profile's own events, in the order of its catalogue. Throws Invalid for a profile this release does not have. */
  builtIn(profile: ProfileName): CatalogueEntry[] {
    return profileOf(profile).catalogue.map((type) => ({ ...type, custom: false }));
  }

  /** The profile's events, then the space's own by name. */
  async catalogueOf(space: SpaceRef): Promise<CatalogueEntry[]> {
    const rows = await this.rows.find({ where: { spaceId: space.id }, order: { name: 'ASC' } });
    return [...this.builtIn(space.profile), ...rows.map(toEntry)];
  }

  /** What a subscription of this profile hears of: its own catalogue, and the space's own types if it takes them. */
  async knownTo(space: SpaceRef, profile: ProfileName): Promise<CatalogueEntry[]> {
    const custom = (await this.catalogueOf(space)).filter((type) => type.custom);
    return [...this.builtIn(profile), ...(profileOf(profile).extensible ? custom : [])];
  }

  /** Throws NotFound when the space's catalogue has no such name. */
  async find(space: SpaceRef, name: string): Promise<CatalogueEntry> {
    const builtIn = this.builtIn(space.profile).find((type) => type.name === name);
    if (builtIn) return builtIn;
    const row = isEventTypeName(name) ? await this.rows.findOneBy({ spaceId: space.id, name }) : null;
    if (!row) throw new NotFound('event type');
    return toEntry(row);
  }

  /**
   * Makes the space's own event type, or replaces the one of that name. Throws Conflict where it may not, LimitReached,
   * Invalid and Throttled.
   */
  async put(space: SpaceRef, name: string, definition: EventTypeDefinition): Promise<CatalogueEntry> {
    this.checkChangeable(space, name);
    checkName(name);
    const { family = 'Custom', description = '', schema = {}, example } = definition;
    const now = this.clock.date();
    await this.checks.check(space.id, schema, example, now.getTime());
    const row: EventTypeEntity = {
      spaceId: space.id,
      name,
      family,
      description,
      schema,
      example: JSON.stringify(example ?? {}),
      createdAt: now,
      updatedAt: now,
    };
    await this.change(space, async (manager) => {
      const known = await manager.findOneBy(EventTypeEntity, { spaceId: space.id, name });
      if (!known) await checkLimitForOneMore(managerSql(manager), this.settings, space.id, EVENT_TYPES);
      await upsert(manager, row);
      const both = known ? difference(factsOf(known), factsOf(row)) : { after: factsOf(row) };
      await this.record(manager, space, { verb: known ? 'update' : 'create', name, ...both });
    });
    return toEntry(row);
  }

  /** Subscriptions that name the type stay as they are; nothing can be published under it any more. */
  async delete(space: SpaceRef, name: string): Promise<void> {
    this.checkChangeable(space, name);
    if (!isEventTypeName(name)) throw new NotFound('event type');
    await this.change(space, async (manager) => {
      const known = await manager.findOneBy(EventTypeEntity, { spaceId: space.id, name });
      const { affected } = await manager.delete(EventTypeEntity, { spaceId: space.id, name });
      if (affected === 0 || !known) throw new NotFound('event type');
      await this.record(manager, space, { verb: 'delete', name, before: factsOf(known) });
    });
  }

  private checkChangeable(space: SpaceRef, name: string): void {
    if (!profileOf(space.profile).extensible) {
      const message = `The events of the ${space.profile} profile are fixed. Use a space of the native profile for your own.`;
      throw new Conflict('fixed_catalogue', message);
    }
    if (this.builtIn(space.profile).some((type) => type.name === name)) {
      throw new Conflict(
        'builtin_event_type',
        `${name} is built in and cannot be changed. Choose another name.`,
      );
    }
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
}

async function upsert(manager: EntityManager, row: EventTypeEntity): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(EventTypeEntity)
    .values(row)
    .orUpdate(['family', 'description', 'schema', 'example', 'updated_at'], ['space_id', 'name'])
    .execute();
}

function toEntry({ name, family, description, schema, example }: EventTypeEntity): CatalogueEntry {
  return { name, family, description, schema, example: JSON.parse(example) as object, custom: true };
}

function factsOf({ family, description, schema, example }: EventTypeEntity): Facts {
  return { family, description, schema, example: JSON.parse(example) as object };
}
