import { createHash } from 'node:crypto';
import { escapeLiteral } from 'pg';
import { publicId } from '../core/ids.js';

/** Characters of a subject's key. */
export const MAX_SUBJECT = 255;

/**
 * SQL for whom an event is about: the `subjectId` it was published with, or its lead. The index `events_subject` has
 * this expression; events without either are not in it.
 */
export const SUBJECT = 'coalesce(subject_id, lead_id)';

/** SQL for the ids of a space's events about one person. Planned for its values: subjects are common or rare. */
export function eventsAboutSql(spaceId: string, subject: string): string {
  return `SELECT id
    FROM posthorn.events WHERE space_id = ${escapeLiteral(spaceId)} AND ${SUBJECT} = ${escapeLiteral(subject)}`;
}

/** By what records and audit entries name a subject. */
export function subjectHash(spaceId: string, subject: string): string {
  return createHash('sha256')
    .update(`${publicId('spc', spaceId)}:${subject}`)
    .digest('hex');
}
