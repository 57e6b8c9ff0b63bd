import { SpanKind, type Attributes } from '@opentelemetry/api';
import { publicId } from '../core/ids.js';
import { problemOf } from '../http/problem.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { TraceSpan } from '../telemetry/trace-span.js';
import type { Tracing } from '../telemetry/tracing.js';
import type { EventDraft, PublishedEvent } from './draft.js';

/** What comes from where. */
interface Origin {
  space: SpaceRef;
  /** The caller's trace context (`lib/traceparent.ts`); null: none. */
  given: string | null;
  /** The HTTP request, if it is one, and the status of its success. */
  http?: { method: string; route: string; status: number };
}

/** Publishes these drafts; `span` is the request's, if it is traced. */
type Publish = (drafts: EventDraft[], span: TraceSpan | null) => Promise<PublishedEvent[]>;

/**
 * Runs a publish request as one span. Its events keep the span's context, so that their attempts are linked to it;
 * without a span they keep the caller's.
 */
export async function publishTraced(
  tracing: Tracing,
  origin: Origin,
  read: () => Promise<EventDraft[]>,
  publish: Publish,
): Promise<PublishedEvent[]> {
  const { given, http } = origin;
  const span = tracing.isOn ? startSpan(tracing, origin) : null;
  const kept = span ? span.stored : given;
  try {
    const drafts = await read();
    if (kept !== null) for (const draft of drafts) draft.trace = kept;
    const events = await publish(drafts, span);
    span?.end({ ...countsOf(events), ...(http && { 'http.response.status_code': http.status }) });
    return events;
  } catch (error) {
    if (span) fail(span, error, http !== undefined);
    throw error;
  }
}

function startSpan(tracing: Tracing, { space, given, http }: Origin): TraceSpan | null {
  return tracing.entry(given, {
    name: 'publish',
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'posthorn',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': publicId('spc', space.id),
      ...(http && { 'http.request.method': http.method, 'http.route': http.route }),
    },
  });
}

function countsOf(events: PublishedEvent[]): Attributes {
  const [first] = events;
  const deliveries = events.reduce((sum, event) => sum + event.deliveries, 0);
  return {
    ...(events.length === 1 && first && { 'messaging.message.id': publicId('evt', first.id) }),
    ...(events.length > 1 && { 'messaging.batch.message_count': events.length }),
    'posthorn.deliveries': deliveries,
  };
}

function fail(span: TraceSpan, error: unknown, isHttp: boolean): void {
  const { code = 'internal', status = 500 } = problemOf(error) ?? {};
  span.fail(code, { ...(isHttp && { 'http.response.status_code': status }) });
}
