import { LRUCache } from 'lru-cache';
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProfileName, ScopeLevel, SubscriptionStatus, WhilePaused } from '../core/domain-types.js';
import { compilePatterns } from '../core/event-pattern.js';
import { parseExactly } from '../lib/exact-number.js';
import { compileFilter, type Filter } from '../core/filter.js';
import type { WantedTags } from '../core/tags.js';
import type { Limits } from '../core/limits.js';
import type { Sql } from '../database/sql.js';
import type { SpaceCatalogue } from '../core/space-catalogue.js';
import { Settings } from '../config/settings.js';
import { CatalogueCache } from '../event-types/instance-catalogue.js';
import { catalogueDefaults } from '../event-types/catalogue-defaults.js';
import { KNOWN_VERSIONS_SQL } from '../event-types/known-versions.js';
import { SpaceTypes, type OwnRule } from '../event-types/space-types.js';
import type { ProfileOptions } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';

/** Whom a subscription listens to: the whole space, one client or campaign, or events with certain tags. */
interface SubscriptionScope {
  level: ScopeLevel;
  clientId: string | null;
  campaignId: string | null;
  /** With the level `tags`. */
  tags: WantedTags | null;
}

/** What a publish must know of one subscription to decide whether it gets a delivery, and which. */
export interface Route {
  subscriptionId: string;
  status: SubscriptionStatus;
  /** Whether its `events` ask for this type. */
  matchesType: (type: string) => boolean;
  scope: SubscriptionScope;
  filter: Filter | null;
  profile: ProfileName;
  providerId: string | null;
  options: ProfileOptions;
  whilePaused: WhilePaused;
  maxAttempts: number;
  /** The versions that it is pinned to, by event type; null: to none. */
  versions: Record<string, number> | null;
}

/** One space's subscriptions and custom event types, as they were at one version. */
export interface Routes {
  version: number;
  profile: ProfileName;
  /** In the order they were created. */
  routes: Route[];
  customTypes: Set<string>;
  /** What it may publish. */
  types: SpaceTypes;
  /** The space's own; null: everybody's. */
  limits: Partial<Limits> | null;
  /** Whether all of them speak the space's own words and match by type, scope and filter alone: the usual case. */
  plain: boolean;
  /** Whether any of them looks into the data of events. */
  reads: boolean;
}

interface SpaceRow {
  id: string;
  version: string;
  profile: ProfileName;
  customTypes: string[];
  ownRules: OwnRule[];
  catalogue: SpaceCatalogue | null;
  /** A bigint. */
  revision: string;
  limits: Partial<Limits> | null;
  /** A line of JSON for each. */
  routes: string;
}

interface RouteRow extends Omit<Route, 'matchesType' | 'filter'> {
  events: string[];
  /** JSON text. */
  filter: string | null;
}

const VERSIONS = {
  name: 'routing_versions',
  text: `SELECT id, routing_version AS version FROM posthorn.spaces WHERE id = ANY($1::uuid[])`,
};

// One statement, so one snapshot: the version belongs to exactly these routes. They come as lines, for a list of ten
// thousand would be taken apart in one turn of the event loop.
const LOAD = {
  name: 'routing_load',
  text: `
    SELECT sp.id, sp.routing_version AS version, sp.profile, sp.limits, sp.catalogue,
      (SELECT revision FROM posthorn.catalogue_revision) AS revision,
      coalesce((
        SELECT json_agg(json_build_object('name', t.name, 'validation', t.validation, 'deprecated', t.deprecated,
          'replacedBy', t.replaced_by, 'hash', CASE WHEN t.schema <> '{}' THEN md5(t.schema::text) END,
          'versions', ${KNOWN_VERSIONS_SQL}))
        FROM posthorn.event_types t WHERE t.space_id = sp.id
          AND (t.deprecated OR t.versions IS NOT NULL OR coalesce(t.validation, sp.catalogue->>'validation',
            $2) <> 'off')
      ), '[]') AS "ownRules",
      ARRAY(SELECT t.name FROM posthorn.event_types t WHERE t.space_id = sp.id) AS "customTypes",
      coalesce((
        SELECT string_agg(json_build_object(
          'subscriptionId', s.id, 'status', s.status, 'events', s.events, 'filter', s.filter::text, 'profile',
            s.profile,
          'providerId', s.provider_id, 'options', s.profile_options, 'whilePaused', s.while_paused,
          'scope', json_build_object('level', s.scope_level, 'clientId', s.client_id, 'campaignId', s.campaign_id,
            'tags', s.scope_tags),
          'versions', s.event_type_versions, 'maxAttempts', cardinality(s.retry_schedule) + 1)::text, E'\\n'
            ORDER BY s.id)
        FROM posthorn.subscriptions s WHERE s.space_id = sp.id
      ), '') AS routes
    FROM posthorn.spaces sp WHERE sp.id = ANY($1::uuid[])`,
};

/** How many subscriptions (and spaces) the table keeps in memory, about 1 KB each. */
const CAPACITY = 100_000;
/** Routes that are taken in before others have their turn: a millisecond. */
const PIECE = 200;

/**
 * The routes of the spaces this process publishes for, kept in memory. Nothing is trusted without a look at the
 * space's version, here or in the statement that writes: a change made by any process is seen by the next publish.
 */
@Injectable()
export class RoutingTable {
  private readonly known = new LRUCache<string, Routes>({
    maxSize: CAPACITY,
    // A space with more than fits is kept alone: lru-cache would not keep it at all.
    sizeCalculation: ({ routes }) => Math.min(CAPACITY, 1 + routes.length),
  });

  private readonly instance = new CatalogueCache();

  constructor(private readonly settings: Settings = new Settings()) {}

  /**
   * The routes of these spaces as they were last seen; null when one was not. They count only where their version still
   * does.
   */
  remembered(spaceIds: string[]): Map<string, Routes> | null {
    const remembered = new Map<string, Routes>();
    for (const id of spaceIds) {
      const routes = this.known.get(id);
      if (!routes) return null;
      remembered.set(id, routes);
    }
    return remembered;
  }

  /**
   * The current routes of these spaces by space id; spaces that do not exist are absent. One short statement when none
   * changed.
   */
  async current(sql: Sql, spaceIds: string[]): Promise<Map<string, Routes>> {
    const current = new Map<string, Routes>();
    const stale: string[] = [];
    for (const { id, version } of await sql<{ id: string; version: string }>(VERSIONS, [spaceIds])) {
      const routes = this.known.get(id);
      if (routes?.version === Number(version)) current.set(id, routes);
      else stale.push(id);
    }
    if (stale.length > 0) {
      const { validation } = this.settings;
      for (const row of await sql<SpaceRow>(LOAD, [stale, validation]))
        current.set(row.id, await this.keep(sql, row));
    }
    return current;
  }

  private async keep(sql: Sql, row: SpaceRow): Promise<Routes> {
    const all: Route[] = [];
    for (const line of row.routes === '' ? [] : row.routes.split('\n')) {
      if (all.length > 0 && all.length % PIECE === 0) await nextTurn();
      all.push(toRoute(JSON.parse(line) as RouteRow));
    }
    const plain = all.every(({ profile }) => profile === row.profile) && isPlain(row.profile);
    const customTypes = new Set(row.customTypes);
    const instance = await this.instance.at(sql, Number(row.revision));
    const defaults = catalogueDefaults(this.settings);
    const routes: Routes = {
      version: Number(row.version),
      profile: row.profile,
      routes: all,
      customTypes,
      types: new SpaceTypes({ ...row, own: customTypes, instance, defaults }),
      limits: row.limits,
      plain,
      reads: !plain || all.some(({ filter }) => filter !== null),
    };
    this.known.set(row.id, routes);
    return routes;
  }
}

function isPlain(profile: ProfileName): boolean {
  return Object.keys(profileOf(profile).matching).length === 0;
}

function toRoute({ events, filter, ...rest }: RouteRow): Route {
  return {
    ...rest,
    matchesType: compilePatterns(events),
    filter: filter === null ? null : compileFilter(parseExactly(filter)),
  };
}
