import { publicId, uuidTime } from '../core/ids.js';
import type { EventScope } from '../core/domain-types.js';
import { removedOf } from '../core/removed.js';
import { tagsOf } from '../core/tags.js';
import { traceIdOf } from '../lib/traceparent.js';
import type { EventSummary } from './event.dto.js';
import type { EventRow } from './event-log.service.js';

/** An event as lists show it. */
export function toEventSummary(row: EventRow): EventSummary {
  const { id, publisherId, type, occurredAt, expiresAt, deliverAt, subjectId, scope, version, trace } = row;
  const removed = removedOf(row.removed);
  return {
    id: publicId('evt', id),
    uid: publisherId,
    type,
    occurredAt: occurredAt.toISOString(),
    createdAt: new Date(uuidTime(id)).toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(deliverAt && { deliverAt: deliverAt.toISOString() }),
    ...(trace !== null && { traceId: traceIdOf(trace) }),
    subjectId,
    scope: withoutTags(scope),
    tags: tagsOf(scope),
    version,
    ...(removed && { removed }),
  };
}

/** The fields that a scope has had always. */
function withoutTags({ tags: _tags, ...fields }: EventScope): Omit<EventScope, 'tags'> {
  return fields;
}
