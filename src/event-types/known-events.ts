import type { Settings } from '../config/settings.js';
import type { ProfileName } from '../core/domain-types.js';
import type { SpaceCatalogue } from '../core/space-catalogue.js';
import type { Sql } from '../database/sql.js';
import { eventTypeNames, profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { catalogueDefaults } from './catalogue-defaults.js';
import { Visibility } from './visibility.js';

const KNOWN = {
  name: 'known_events',
  text: `
    SELECT sp.catalogue, ARRAY(SELECT name FROM posthorn.event_types WHERE space_id = sp.id) AS own,
      coalesce((SELECT json_agg(json_build_object('name', name, 'feature', feature)) FROM posthorn.instance_event_types
        WHERE $2), '[]') AS instance
    FROM posthorn.spaces sp WHERE sp.id = $1`,
};

interface Row {
  catalogue: SpaceCatalogue | null;
  own: string[];
  instance: { name: string; feature: string | null }[];
}

/**
 * The names of everything a subscription of this profile may ask for: the profile's catalogue, and the instance's and
 * the space's own types where the profile takes them.
 */
export async function knownEvents(
  sql: Sql,
  space: SpaceRef,
  profile: ProfileName,
  settings: Settings,
): Promise<string[]> {
  const takes = profileOf(space.profile).takesInstanceTypes ?? false;
  const [row] = await sql<Row>(KNOWN, [space.id, takes]);
  const visibility = new Visibility(space.profile, row?.catalogue ?? null, catalogueDefaults(settings));
  const builtIns =
    profile === space.profile
      ? [...visibility.builtIns].filter((name) => visibility.hasBuiltIn(name))
      : eventTypeNames(profile);
  if (!profileOf(profile).extensible) return [...builtIns];
  const shared = row?.instance.filter((type) => visibility.hasInstanceType(type)) ?? [];
  return [...builtIns, ...shared.map(({ name }) => name), ...(row?.own ?? [])];
}
