import { SpanKind, type Attributes } from '@opentelemetry/api';
import { publicId, uuidTime } from '../../core/ids.js';
import { splitTraceContext } from '../../lib/traceparent.js';
import type { Header } from '../../outbound/http-connection.js';
import type { TraceSpan } from '../../telemetry/trace-span.js';
import type { Tracing } from '../../telemetry/tracing.js';
import type { FinishedAttempt } from './finish-attempt.js';
import type { ReadyDelivery } from '../lease/lease.js';

/**
 * The span of one attempt, in the trace of its event and linked to the publish span. It says which host was called, and
 * nothing else of the URL: paths and queries of webhooks hold secrets. Null where the event is not traced.
 */
export function startAttempt(tracing: Tracing, ready: ReadyDelivery, startedAt: number): TraceSpan | null {
  const { delivery, event, endpoint } = ready;
  if (event.trace === null) return null;
  const ids: Attributes = {
    'messaging.system': 'posthorn',
    'messaging.destination.name': publicId('sub', delivery.subscriptionId),
    'messaging.message.id': publicId('evt', delivery.eventId),
    'posthorn.delivery.id': publicId('dlv', delivery.id),
    'posthorn.space.id': publicId('spc', delivery.spaceId),
  };
  if (delivery.attemptCount === 0) traceWait(tracing, event.trace, ready, ids, startedAt);
  const { protocol, hostname, port } = new URL(endpoint.url);
  return tracing.following(event.trace, {
    name: 'attempt',
    kind: SpanKind.CLIENT,
    attributes: {
      ...ids,
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'process',
      'http.request.method': endpoint.format?.method ?? 'POST',
      ...(delivery.attemptCount > 0 && { 'http.request.resend_count': delivery.attemptCount }),
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      'url.scheme': protocol.slice(0, -1),
    },
  });
}

/** From the making of the delivery to its first attempt. */
function traceWait(
  tracing: Tracing,
  trace: string,
  { delivery }: ReadyDelivery,
  ids: Attributes,
  startedAt: number,
): void {
  const startTime = Math.min(uuidTime(delivery.id), startedAt);
  tracing.following(trace, { name: 'queue', attributes: ids, startTime })?.end();
}

/** Ends it with the attempt's result. */
export function endAttempt(span: TraceSpan, { record, verdict }: FinishedAttempt): void {
  const attributes: Attributes = {
    'posthorn.verdict': verdict.kind,
    ...(record.statusCode !== null && { 'http.response.status_code': record.statusCode }),
  };
  if (verdict.kind === 'delivered') span.end(attributes);
  else span.fail(String(record.statusCode ?? record.errorCode), attributes);
}

const NONE: readonly Header[] = [];

/** The headers by which an endpoint continues the trace: of the attempt's span, or of the event where that is none. */
export function traceHeaders({ endpoint, event }: ReadyDelivery, span: TraceSpan | null): readonly Header[] {
  const stored = span?.stored ?? event.trace;
  if (!endpoint.passTraceparent || stored === null) return NONE;
  const { traceparent, tracestate } = splitTraceContext(stored);
  const headers: Header[] = [['traceparent', traceparent]];
  if (tracestate !== null) headers.push(['tracestate', tracestate]);
  return headers;
}
