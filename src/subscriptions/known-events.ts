import type { Sql } from '../database/sql.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';

// Written by `events/`, which imports this folder and so cannot be asked.
const CUSTOM = {
  name: 'known_events_custom',
  text: `SELECT name FROM posthorn.event_types WHERE space_id = $1`,
};

/** The names of everything that can happen in a space: its profile's catalogue and its own custom types. */
export async function knownEvents(sql: Sql, space: SpaceRef): Promise<string[]> {
  const custom = await sql<{ name: string }>(CUSTOM, [space.id]);
  return [...profileOf(space.profile).catalogue, ...custom].map(({ name }) => name);
}
