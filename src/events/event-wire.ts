import { publicId, uuidTime } from '../core/ids.js';
import { removedOf } from '../core/removed.js';
import { traceIdOf } from '../lib/traceparent.js';
import type { EventSummary } from './event.dto.js';
import type { EventRow } from './event-log.service.js';

/** An event as lists show it. */
export function toEventSummary(row: EventRow): EventSummary {
  const { id, publisherId, type, occurredAt, expiresAt, deliverAt, subjectId, scope, trace } = row;
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
    scope,
    ...(removed && { removed }),
  };
}
