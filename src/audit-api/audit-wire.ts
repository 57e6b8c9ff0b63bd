import type { EntryRow } from '../audit/list-entries.js';
import { publicId, uuidTime } from '../core/ids.js';
import { csvRecord } from '../lib/csv.js';
import { parseExactly, stringifyExactly } from '../lib/exact-number.js';
import type { AuditEntry, AuditTarget } from './audit.dto.js';

/** An entry as the API shows it. Its numbers are exact: `stringifyExactly` writes it. */
export function toAuditEntry(row: EntryRow): AuditEntry {
  return {
    id: publicId('aud', row.id),
    at: new Date(uuidTime(row.id)).toISOString(),
    spaceId: row.spaceId && publicId('spc', row.spaceId),
    action: row.action,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    via: row.via,
    target: { type: row.targetType as AuditTarget['type'], id: row.targetId, name: row.targetName },
    before: row.before === null ? null : (parseExactly(row.before) as object),
    after: row.after === null ? null : (parseExactly(row.after) as object),
    ip: row.ip,
    userAgent: row.userAgent,
    requestId: row.requestId,
  };
}

/** For whom the operator's notes and tags of a space are not, as they are not in the space itself. */
export function withoutNotes(row: EntryRow): EntryRow {
  if (row.targetType !== 'space') return row;
  return { ...row, before: factsWithoutNotes(row.before), after: factsWithoutNotes(row.after) };
}

function factsWithoutNotes(json: string | null): string | null {
  if (json === null) return null;
  const { metadata: _notes, tags: _tags, ...others } = parseExactly(json) as Record<string, unknown>;
  return stringifyExactly(others);
}

export function toLine(row: EntryRow): string {
  return `${stringifyExactly(toAuditEntry(row))}\n`;
}

export const CSV_TITLES = csvRecord([
  ...['id', 'at', 'spaceId', 'action', 'actorKind', 'actorId', 'actorName', 'via', 'targetType', 'targetId'],
  ...['targetName', 'before', 'after', 'ip', 'userAgent', 'requestId'],
]);

export function toCsvLine(row: EntryRow): string {
  const { id, at, spaceId, action, actor, via, target, ip, userAgent, requestId } = toAuditEntry(row);
  return csvRecord([
    ...[id, at, spaceId, action, actor.kind, actor.id, actor.name, via, target.type, target.id, target.name],
    ...[row.before, row.after, ip, userAgent, requestId],
  ]);
}
