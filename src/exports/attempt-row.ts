import { publicId } from '../core/ids.js';
import type { FullAttemptRow, PagedAttemptRow } from '../deliveries/attempt-log.service.js';
import type { AttemptSummary, RequestView, ResponseView } from '../deliveries/delivery.dto.js';
import type { DeliveryRow } from '../deliveries/delivery-log.service.js';
import { toAttemptDetail, toAttemptSummary, type SentBody } from '../deliveries/delivery-wire.js';
import type { CsvValue } from '../lib/csv.js';

/** An attempt in an export: as its delivery lists it, with what it belongs to. */
interface ExportedAttempt extends AttemptSummary {
  deliveryId: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  url: string;
  errorDetail: string | null;
  addressClass: string | null;
  /** With bodies only. */
  request?: RequestView;
  response?: ResponseView | null;
}

/** Of CSV. */
export const ATTEMPT_COLUMNS = [
  ...['id', 'deliveryId', 'n', 'eventId', 'eventType', 'subscriptionId', 'startedAt', 'url', 'statusCode'],
  ...['errorCode', 'errorDetail', 'addressClass', 'dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'totalMs'],
  'trigger',
];

/** Behind them, with bodies. Headers are JSON: an array of `[name, value]`. */
export const BODY_COLUMNS = [
  ...['requestHeaders', 'requestBody', 'responseHeaders', 'responseBody', 'responseBodyEncoding'],
  'responseBodyTruncated',
];

export function toAttemptRow(row: PagedAttemptRow, delivery: DeliveryRow): ExportedAttempt {
  const { id, n, ...rest } = toAttemptSummary(row);
  return {
    id,
    deliveryId: publicId('dlv', row.delivery_id),
    n,
    eventId: publicId('evt', delivery.event_id),
    eventType: delivery.event_type,
    subscriptionId: publicId('sub', delivery.subscription_id),
    ...rest,
    url: row.url,
    errorDetail: row.error_detail,
    addressClass: row.address_class,
  };
}

export function toWholeAttemptRow(
  row: PagedAttemptRow,
  whole: { row: FullAttemptRow; sent: SentBody },
  delivery: DeliveryRow,
): ExportedAttempt {
  const { request, response } = toAttemptDetail(whole.row, row.delivery_id, whole.sent);
  return { ...toAttemptRow(row, delivery), request, response };
}

/** In the order of the columns. */
export function attemptFields(view: ExportedAttempt): CsvValue[] {
  const { dns, connect, tls, firstByte, total } = view.timings;
  const fields = [
    ...[view.id, view.deliveryId, view.n, view.eventId, view.eventType, view.subscriptionId],
    ...[view.startedAt, view.url, view.statusCode, view.errorCode, view.errorDetail, view.addressClass],
    ...[dns, connect, tls, firstByte, total, view.trigger],
  ];
  const { request, response } = view;
  if (!request) return fields;
  return [
    ...fields,
    ...[JSON.stringify(request.headers), request.body],
    ...(response ? [JSON.stringify(response.headers), response.body] : [null, null]),
    ...(response ? [response.bodyEncoding, response.bodyTruncated] : [null, null]),
  ];
}
