import { isUtf8 } from 'node:buffer';
import { publicId, uuidTime } from '../core/ids.js';
import { explainFailure } from '../core/explain-failure.js';
import type { Method } from '../core/request-format.js';
import type { AttemptRow, FullAttemptRow } from './attempt-log.service.js';
import { removedOf, type Removed } from '../core/removed.js';
import type {
  AttemptDetail,
  AttemptSummary,
  DeliveryView,
  RequestView,
  ResponseView,
} from './delivery.dto.js';
import type { DeliveryHook, DeliveryRow } from './delivery-log.service.js';

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
    nextAttemptAt: nextAttemptAt(row)?.toISOString() ?? null,
    lastStatusCode: row.last_status_code,
    lastError: row.last_error,
    trigger: row.trigger,
    createdAt: createdAt(row).toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(row.deliver_at && { deliverAt: row.deliver_at.toISOString() }),
    ...(isScheduled(row) && { waitsFor: 'deliver_at' as const }),
    ...(row.erased_at && row.status === 'cancelled' && { cancelReason: 'erased' as const }),
    ...(row.erased_at && { erasedAt: row.erased_at.toISOString() }),
  };
}

/** Whether its first attempt waits for the publisher's time. */
function isScheduled({ status, deliver_at, next_attempt_at, attempt_count }: DeliveryRow): boolean {
  return (
    status === 'pending' &&
    attempt_count === 0 &&
    deliver_at !== null &&
    +deliver_at === Number(next_attempt_at)
  );
}

function createdAt({ id }: DeliveryRow): Date {
  return new Date(uuidTime(id));
}

/** What is leased in process is due since it was made. */
function nextAttemptAt(row: DeliveryRow): Date | null {
  return row.next_attempt_at ?? (row.status === 'pending' ? createdAt(row) : null);
}

/** An attempt as a delivery lists it. */
export function toAttemptSummary(row: AttemptRow): AttemptSummary {
  return {
    id: publicId('att', row.id),
    n: row.n,
    startedAt: row.started_at.toISOString(),
    statusCode: row.status_code,
    errorCode: row.error_code,
    trigger: row.trigger ?? 'schedule',
    timings: {
      dns: row.dns_ms,
      connect: row.connect_ms,
      tls: row.tls_ms,
      firstByte: row.first_byte_ms,
      total: row.total_ms,
    },
  };
}

/** A request's body, or why it is no longer there; and how it is sent, by POST where that is not said. */
export type SentBody = ({ text: string } | { removed: Removed }) & { method?: Method };

/** What is known of a subscription now that may explain a failure; null: it is deleted. */
type Known = Pick<DeliveryHook, 'timeoutMs' | 'secretSince'> | null;

/** Why an attempt failed and what helps; null where it did not. */
export function explanationOf(
  row: AttemptRow & Partial<Pick<FullAttemptRow, 'error_detail' | 'response_headers'>>,
  known: Known,
): string | null {
  return explainFailure({
    statusCode: row.status_code,
    errorCode: row.error_code,
    errorDetail: row.error_detail ?? null,
    location: locationOf(row.response_headers ?? null),
    startedAt: row.started_at.getTime(),
    ...(known?.timeoutMs !== undefined && { timeoutMs: known.timeoutMs }),
    secretSince: known?.secretSince ?? null,
  });
}

function locationOf(headers: string | null): string | undefined {
  const pairs = headers === null ? [] : (JSON.parse(headers) as string[][]);
  return pairs.find(([name]) => name?.toLowerCase() === 'location')?.[1];
}

/** Everything about an attempt that does not change any more. `sent`: the request's body. */
export function toAttemptDetail(
  row: FullAttemptRow,
  deliveryId: string,
  sent: SentBody,
): Omit<AttemptDetail, 'explanation'> {
  return {
    ...toAttemptSummary(row),
    deliveryId: publicId('dlv', deliveryId),
    errorDetail: row.error_detail,
    addressClass: row.address_class,
    request: toRequest(row, sent),
    response: toResponse(row),
  };
}

function toRequest({ url, request_headers, removed: column }: FullAttemptRow, sent: SentBody): RequestView {
  const removed = removedOf(column) ?? ('removed' in sent ? sent.removed : null);
  return {
    method: sent.method ?? 'POST',
    url,
    headers: JSON.parse(request_headers) as string[][],
    body: removed === null && 'text' in sent ? sent.text : null,
    ...(removed && { removed }),
  };
}

function toResponse(row: FullAttemptRow): ResponseView | null {
  if (row.status_code === null) return null;
  const removed = removedOf(row.removed);
  if (removed)
    return {
      statusCode: row.status_code,
      headers: [],
      body: null,
      removed,
      bodyEncoding: 'utf8',
      bodyTruncated: row.response_truncated,
    };
  const kept = row.response_body ?? Buffer.alloc(0);
  const text = row.response_truncated ? withoutCutCharacter(kept) : kept;
  const bodyEncoding = isUtf8(text) ? 'utf8' : 'base64';
  const body = bodyEncoding === 'utf8' ? text : kept;
  return {
    statusCode: row.status_code,
    headers: JSON.parse(row.response_headers ?? '[]') as string[][],
    body: body.toString(bodyEncoding),
    bodyEncoding,
    bodyTruncated: row.response_truncated,
  };
}

/** A cut may leave the first bytes of a character, which would make bytes that are no text of all the text before. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  const start = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const first = bytes[start] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}
