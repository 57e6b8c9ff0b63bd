import type { Sql } from '../database/sql.js';

const NAMES = {
  name: 'spaces_names',
  text: `SELECT id, name FROM posthorn.spaces WHERE id = ANY($1::uuid[])`,
};

/** What these spaces are called, by their UUIDs. */
export async function namesOfSpaces(sql: Sql, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: string; name: string }>(NAMES, [[...new Set(ids)]]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
