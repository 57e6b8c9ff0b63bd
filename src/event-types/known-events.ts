import type { ProfileName } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';

const CUSTOM = {
  name: 'known_events_custom',
  text: `SELECT name FROM posthorn.event_types WHERE space_id = $1`,
};

/**
 * The names of everything a subscription of this profile may ask for: the profile's catalogue, and the space's own
 * types where the profile takes them.
 */
export async function knownEvents(sql: Sql, space: SpaceRef, profile: ProfileName): Promise<string[]> {
  const { catalogue, extensible } = profileOf(profile);
  const custom = extensible ? await sql<{ name: string }>(CUSTOM, [space.id]) : [];
  return [...catalogue, ...custom].map(({ name }) => name);
}
