import { listStatement, type Condition } from '../database/list-statement.js';
import type { Sql } from '../database/sql.js';
import type { Actor, Via } from './origin.js';

/** An entry as it is stored. */
export interface EntryRow {
  id: string;
  spaceId: string | null;
  actorKind: Actor['kind'];
  actorId: string | null;
  actorName: string | null;
  via: Via;
  action: string;
  targetType: string;
  targetId: string;
  targetName: string | null;
  before: string | null;
  after: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

/** Which entries; undefined: all. */
export interface EntryFilter {
  /** Dashed. */
  spaceId?: string | undefined;
  /** A key's, link's or person's public id, or a kind of actor. */
  actor?: string | undefined;
  /** `subscription.update`, or `subscription.*` for all of one type of target. */
  action?: string | undefined;
  targetType?: string | undefined;
  /** Its public id, or its name at that time. */
  target?: string | undefined;
  /** A target's public id alone. */
  targetId?: string | undefined;
}

const SELECT = `
  SELECT id, space_id AS "spaceId", actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName", via,
    action, target_type AS "targetType", target_id AS "targetId", target_name AS "targetName", before, after, ip,
    user_agent AS "userAgent", request_id AS "requestId"
  FROM posthorn.audit_entries`;

/** A page of entries, ordered by id. `range`: conditions on the id. */
export function listEntries(
  sql: Sql,
  { spaceId, actor, action, targetType, target, targetId }: EntryFilter,
  page: { range: Condition[]; after: string | null; order: 'asc' | 'desc'; limit: number },
): Promise<EntryRow[]> {
  const { range, ...rest } = page;
  const isId = actor !== undefined && /^(?:key|lnk|usr)_/.test(actor);
  const ofType = action?.endsWith('.*') ? action.slice(0, -2) : undefined;
  const { statement, values } = listStatement({
    name: 'audit_list',
    select: SELECT,
    key: 'id',
    conditions: [
      [(p) => `space_id = ${p}`, spaceId],
      [(p) => `actor_id = ${p}`, isId ? actor : undefined],
      [(p) => `actor_kind = ${p}`, isId ? undefined : actor],
      [(p) => `action = ${p}`, ofType === undefined ? action : undefined],
      [(p) => `target_type = ${p}`, ofType],
      [(p) => `target_type = ${p}`, targetType],
      [(p) => `(target_id = ${p} OR target_name = ${p})`, target],
      [(p) => `target_id = ${p}`, targetId],
      ...range,
    ],
    ...rest,
  });
  return sql<EntryRow>(statement, values);
}
