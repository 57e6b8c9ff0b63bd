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

/** What is counted before one more is made. No count looks further than the limit. */
const COUNTED = {
  subscriptions: ['subscriptions', countOf('subscriptions', 'space_id = $1')],
  keys: ['keys', countOf('api_keys', 'space_id = $1')],
  portalLinks: ['portal links', countOf('portal_links', 'space_id = $1')],
  eventTypes: ['event types of its own', countOf('event_types', 'space_id = $1')],
  openJobs: ['jobs under way', countOf('jobs', 'space_id = $1 AND finished_at IS NULL')],
} as const satisfies Partial<Record<keyof Limits, [string, Statement]>>;

type Counted = keyof typeof COUNTED;

function countOf(table: string, condition: string): Statement {
  return {
    name: `limits_count_${table}`,
    text: `SELECT count(*)::int AS count FROM (SELECT FROM posthorn.${table} WHERE ${condition} LIMIT $2) counted`,
  };
}

interface Row {
  limits: Partial<Limits> | null;
}

/** What a space may have. Throws NotFound. */
export async function readLimits(sql: Sql, { spaceLimits }: Settings, spaceId: string): Promise<Limits> {
  return limitsFrom(await sql<Row>(READ, [spaceId]), spaceLimits);
}

/**
 * Makes sure that a space may have one more, to be called in the transaction that makes it. The space's row is locked until its
 * end: two that come at once do not both find the last place. Throws LimitReached and NotFound.
 */
export async function checkLimitForOneMore(
  sql: Sql,
  { spaceLimits }: Settings,
  spaceId: string,
  name: Counted,
): Promise<Limits> {
  return checkLimit(sql, spaceLimits, spaceId, name, 1);
}

/**
 * The same after it was made, for what may have to wait for another of its name: with the space's row locked it would wait for
 * somebody who waits for that row.
 */
export async function checkLimitAfterCreate(
  sql: Sql,
  { spaceLimits }: Settings,
  spaceId: string,
  name: Counted,
): Promise<Limits> {
  return checkLimit(sql, spaceLimits, spaceId, name, 0);
}

async function checkLimit(
  sql: Sql,
  defaults: Limits,
  spaceId: string,
  name: Counted,
  more: number,
): Promise<Limits> {
  const limits = limitsFrom(await sql<Row>(LOCK, [spaceId]), defaults);
  const [noun, count] = COUNTED[name];
  const [found] = await sql<{ count: number }>(count, [spaceId, limits[name] + 1]);
  if ((found?.count ?? 0) + more > limits[name]) throw tooMany(name, noun, limits[name]);
  return limits;
}

function limitsFrom([row]: Row[], defaults: Limits): Limits {
  if (!row) throw new NotFound('space');
  return limitsOf(row.limits, defaults);
}

function tooMany(name: Counted, noun: string, limit: number): LimitReached {
  const way = name === 'openJobs' ? 'Wait for one, or cancel one' : 'Delete one';
  return new LimitReached(
    `The space may have ${limit} ${noun}. ${way}, or have the operator raise limits.${name} of the space.`,
  );
}
