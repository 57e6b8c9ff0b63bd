import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';

/** SDKs keep 128 links of a span unless told otherwise. */
const MAX_LINKS = 128;

/** What a new span is. */
export interface SpanDescription {
  name: string;
  kind?: SpanKind;
  attributes?: Attributes;
  /** Epoch milliseconds; now unless given. */
  startTime?: number;
}

/** A span that is recorded. Where nothing is recorded there is none, but null. */
export class TraceSpan {
  private constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
  ) {}

  /** Null when the sampler leaves it out. */
  static start(
    tracer: Tracer,
    { name, ...options }: SpanDescription & { links?: Link[] },
    parent: Context,
  ): TraceSpan | null {
    const span = tracer.startSpan(name, options, parent);
    return span.isRecording() ? new TraceSpan(tracer, span) : null;
  }

  /** One span for what was done for all members together: a child of the first one, with links to all. */
  static ofBatch<T>(
    items: readonly T[],
    spanOf: (item: T) => TraceSpan | null | undefined,
    { kind = SpanKind.INTERNAL, ...description }: SpanDescription,
  ): TraceSpan | null {
    let members: Set<TraceSpan> | null = null;
    for (const item of items) {
      const span = spanOf(item);
      if (span) (members ??= new Set()).add(span);
    }
    if (!members) return null;
    const [first] = members as Set<TraceSpan> & Iterable<TraceSpan>;
    if (!first) return null;
    const links = [...members].slice(0, MAX_LINKS).map(({ span }) => ({ context: span.spanContext() }));
    return TraceSpan.start(first.tracer, { ...description, kind, links }, first.asParent);
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  /** As `lib/traceparent.ts` stores it. */
  get stored(): string {
    const { traceId, spanId, traceFlags, traceState } = this.span.spanContext();
    const flags = traceFlags.toString(16).padStart(2, '0');
    const state = traceState?.serialize() ?? '';
    return `00-${traceId}-${spanId}-${flags}${state && ` ${state}`}`;
  }

  end(attributes: Attributes = {}): void {
    this.span.setAttributes(attributes);
    this.span.end();
  }

  /** `code`: of the error; its text may hold what is nobody's business. */
  fail(code: string, attributes: Attributes = {}): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.end({ ...attributes, 'error.type': code });
  }

  private get asParent(): Context {
    return trace.setSpan(ROOT_CONTEXT, this.span);
  }
}
