import { newUuid } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import { jsonOf, type Facts } from './changes.js';
import { APPLICATION, type Origin } from './origin.js';

/** What a change is made to. */
export interface Target {
  type:
    | 'space'
    | 'key'
    | 'portal_link'
    | 'event_type'
    | 'subscription'
    | 'delivery'
    | 'job'
    | 'secrets'
    | 'test_receiver'
    | 'legal_hold'
    | 'archive'
    | 'broadcast'
    | 'person'
    | 'session';
  /** Its public id; the name of an event type. */
  id: string;
  /** Its uid or name, where it has one. */
  name?: string | null;
}

/** One change by a person or an application. */
export interface Change {
  /** Dashed; null for what concerns all spaces. */
  spaceId: string | null;
  /** Undefined: no request asked for it. */
  by: Origin | undefined;
  /** What was done, a verb: `update`. With the target's type it is the entry's action. */
  verb: string;
  target: Target;
  /** Without secrets; absent: there was nothing. */
  before?: Facts;
  /** Without secrets; absent: nothing is left. */
  after?: Facts;
}

const RECORD = {
  name: 'audit_record',
  text: `
    INSERT INTO posthorn.audit_entries (id, space_id, actor_kind, actor_id, actor_name, via, action, target_type,
      target_id, target_name, before, after, ip, user_agent, request_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

/** Writes the entry of a change, in the change's own transaction: neither is there without the other. */
export async function recordChange(sql: Sql, now: number, change: Change): Promise<void> {
  const { spaceId, by = APPLICATION, verb, target, before = null, after = null } = change;
  const { actor, via, ip, userAgent, requestId } = by;
  await sql(RECORD, [
    ...[newUuid(now), spaceId, actor.kind, actor.id, actor.name, via],
    ...[`${target.type}.${verb}`, target.type, target.id, target.name ?? null],
    ...[jsonOf(before), jsonOf(after), ip, userAgent, requestId],
  ]);
}
