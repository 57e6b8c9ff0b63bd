import type { Settings } from '../config/settings.js';
import { LimitReached, NotFound } from '../core/errors.js';
import { limitsOf, type Limits } from '../core/limits.js';
import type { Sql, Statement } from '../database/sql.js';

const READ = {
  name: 'spaces_limits',
  text: `SELECT limits FROM posthorn.spaces WHERE id = $1`,
};
const LOCK = {
  name: 'spaces_limits_lock',
  text: `SELECT limits FROM posthorn.spaces WHERE id = $1 FOR NO KEY UPDATE`,
};

/** A kind of thing of which a space may have only so many. */
export interface Counted {
  limit: keyof Limits;
  /** Their plural, for messages. */
  noun: string;
  count: Statement;
}

/** `table` is counted where `condition` holds, no further than the limit; the space is `$1`. */
export function counted(
  limit: keyof Limits,
  noun: string,
  table: string,
  condition = 'space_id = $1',
): Counted {
  const text = `SELECT count(*)::int AS count FROM (SELECT FROM ${table} WHERE ${condition} LIMIT $2) counted`;
  return { limit, noun, count: { name: `limits_count_${limit}`, text } };
}

interface Row {
  limits: Partial<Limits> | null;
}

/** What a space may have. Throws NotFound. */
export async function readLimits(sql: Sql, { spaceLimits }: Settings, spaceId: string): Promise<Limits> {
  return limitsFrom(await sql<Row>(READ, [spaceId]), spaceLimits);
}

/**
 * Makes sure that a space may have one more, to be called in the transaction that makes it. The space's row is locked
 * until its end: two that come at once do not both find the last place. Throws LimitReached and NotFound.
 */
export async function checkLimitForOneMore(
  sql: Sql,
  { spaceLimits }: Settings,
  spaceId: string,
  kind: Counted,
): Promise<Limits> {
  return checkLimit(sql, spaceLimits, spaceId, kind, 1);
}

/**
 * The same after it was made, for what may have to wait for another of its name: with the space's row locked it would
 * wait for somebody who waits for that row.
 */
export async function checkLimitAfterCreate(
  sql: Sql,
  { spaceLimits }: Settings,
  spaceId: string,
  kind: Counted,
): Promise<Limits> {
  return checkLimit(sql, spaceLimits, spaceId, kind, 0);
}

async function checkLimit(
  sql: Sql,
  defaults: Limits,
  spaceId: string,
  { limit, noun, count }: Counted,
  more: number,
): Promise<Limits> {
  const limits = limitsFrom(await sql<Row>(LOCK, [spaceId]), defaults);
  const [found] = await sql<{ count: number }>(count, [spaceId, limits[limit] + 1]);
  if ((found?.count ?? 0) + more > limits[limit]) throw tooMany(limit, noun, limits[limit]);
  return limits;
}

function limitsFrom([row]: Row[], defaults: Limits): Limits {
  if (!row) throw new NotFound('space');
  return limitsOf(row.limits, defaults);
}

function tooMany(name: keyof Limits, noun: string, limit: number): LimitReached {
  const way = name === 'openJobs' ? 'Wait for one, or cancel one' : 'Delete one';
  return new LimitReached(
    `The space may have ${limit} ${noun}. ${way}, or have the operator raise limits.${name} of the space.`,
  );
}
