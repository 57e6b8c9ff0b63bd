import type { Validation } from '../core/space-catalogue.js';
import { KNOWN_VERSIONS_SQL, type KnownVersions } from './known-versions.js';
import type { Sql } from '../database/sql.js';

/** What publishers know of one event type of the instance. */
export interface InstanceType {
  name: string;
  feature: string | null;
  validation: Validation | null;
  deprecated: boolean;
  replacedBy: string | null;
  /** Of its schema; null: it has none. */
  hash: string | null;
  /** Later versions; null: none. */
  versions: KnownVersions | null;
}

/** The instance's event types as they were at one revision. */
export interface InstanceCatalogue {
  revision: number;
  types: ReadonlyMap<string, InstanceType>;
}

const LOAD = {
  name: 'instance_catalogue_load',
  text: `
    SELECT r.revision, coalesce((
      SELECT json_agg(json_build_object('name', t.name, 'feature', t.feature, 'validation', t.validation,
        'deprecated', t.deprecated, 'replacedBy', t.replaced_by,
        'hash', CASE WHEN t.schema <> '{}' THEN md5(t.schema::text) END, 'versions', ${KNOWN_VERSIONS_SQL}))
      FROM posthorn.instance_event_types t
    ), '[]') AS types
    FROM posthorn.catalogue_revision r`,
};

/**
 * The instance's event types in this process's memory, shared by all spaces. The reader knows the revision from the
 * statement that read a space's routes; each change of the catalogue also makes all routes stale.
 */
export class CatalogueCache {
  private known: InstanceCatalogue = { revision: -1, types: new Map() };

  /** The catalogue of this revision, or a later one. */
  async at(sql: Sql, revision: number): Promise<InstanceCatalogue> {
    if (this.known.revision === revision) return this.known;
    const [row] = await sql<{ revision: string; types: InstanceType[] }>(LOAD);
    this.known = {
      revision: Number(row?.revision),
      types: new Map(row?.types.map((type) => [type.name, type])),
    };
    return this.known;
  }
}
