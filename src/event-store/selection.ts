import { escapeLiteral } from 'pg';
import { SUBJECT } from './subject.js';

/** Events of a space: all conditions together. */
export interface Selection {
  spaceId: string;
  /** Ids; the first is included, the last is not. */
  since: string;
  until: string;
  events: string[] | null;
  subject: string | null;
}

/** The last id, which no event has. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * SQL for the condition on `posthorn.events`, or on a table with another expression for the subject. Its values stand
 * in it: subjects are common or rare.
 */
export function selectionSql(
  { spaceId, since, until, events, subject }: Selection,
  subjectSql: string = SUBJECT,
): string {
  return [
    `space_id = ${escapeLiteral(spaceId)}`,
    `id >= ${escapeLiteral(since)}`,
    `id < ${escapeLiteral(until)}`,
    ...(events === null ? [] : [`id = ANY('{${events.join()}}'::uuid[])`]),
    ...(subject === null ? [] : [`${subjectSql} = ${escapeLiteral(subject)}`]),
  ].join(' AND ');
}
