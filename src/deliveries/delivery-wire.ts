import { isUtf8 } from 'node:buffer';
import { publicId, uuidTime } from '../core/ids.js';
import type { AttemptRow, FullAttemptRow } from './attempt-log.js';
import type { AttemptDetail, AttemptSummary, DeliveryView, ResponseView } from './delivery.dto.js';
import type { DeliveryRow } from './delivery-log.js';

/** A delivery as the API shows it. */
export function toDeliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: publicId('dlv', row.id),
    eventId: publicId('evt', row.event_id),
    eventType: row.event_type,
    subscriptionId: publicId('sub', row.subscription_id),
    status: row.status,
    attemptCount: row.attempt_count,
    maxAttempts: row.max_attempts,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    lastStatusCode: row.last_status_code,
    lastError: row.last_error,
    trigger: row.trigger,
    createdAt: new Date(uuidTime(row.id)).toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** An attempt as a delivery lists it. */
export function toAttemptSummary(row: AttemptRow): AttemptSummary {
  return {
    id: publicId('att', row.id),
    n: row.n,
    startedAt: row.started_at.toISOString(),
    statusCode: row.status_code,
    errorCode: row.error_code,
    timings: {
      dns: row.dns_ms,
      connect: row.connect_ms,
      tls: row.tls_ms,
      firstByte: row.first_byte_ms,
      total: row.total_ms,
    },
  };
}

/** Everything about an attempt. `body` is the request's. */
export function toAttemptDetail(row: FullAttemptRow, deliveryId: string, body: string): AttemptDetail {
  return {
    ...toAttemptSummary(row),
    deliveryId: publicId('dlv', deliveryId),
    errorDetail: row.error_detail,
    addressClass: row.address_class,
    request: { method: 'POST', url: row.url, headers: JSON.parse(row.request_headers) as string[][], body },
    response: toResponse(row),
  };
}

function toResponse(row: FullAttemptRow): ResponseView | null {
  if (row.status_code === null) return null;
  const body = row.response_body ?? Buffer.alloc(0);
  const bodyEncoding = isUtf8(body) ? 'utf8' : 'base64';
  return {
    statusCode: row.status_code,
    headers: JSON.parse(row.response_headers ?? '[]') as string[][],
    body: body.toString(bodyEncoding),
    bodyEncoding,
    bodyTruncated: row.response_truncated,
  };
}
