import {
  context,
  createTraceState,
  ROOT_CONTEXT,
  trace,
  type Context,
  type SpanContext,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { version } from '../config/version.js';
import { splitTraceContext } from '../lib/traceparent.js';
import { TraceSpan, type SpanDescription } from './trace-span.js';

const NAME = 'posthorn';

interface MaybeProxy extends TracerProvider {
  getDelegateTracer?: (name: string) => Tracer | undefined;
}

/** Starts this process's spans. Without a provider it is off: no span is made and no context is looked up. */
export class Tracing {
  private readonly tracer: Tracer | null;

  constructor(provider: TracerProvider | null = null) {
    this.tracer = provider && provider.getTracer(NAME, version);
  }

  /** With the provider that the process has registered with OpenTelemetry; off when it has none. */
  static ofHost(): Tracing {
    const provider: MaybeProxy = trace.getTracerProvider();
    // Without a registration it is a proxy that has nobody to forward to.
    const has = !provider.getDelegateTracer || provider.getDelegateTracer(NAME) !== undefined;
    return new Tracing(has ? provider : null);
  }

  get isOn(): boolean {
    return this.tracer !== null;
  }

  /**
   * A span that continues the caller's trace: the one of `stored` if given, else the one that is active in this
   * process, else a new one. Null when it is off or not sampled.
   */
  entry(stored: string | null, description: SpanDescription): TraceSpan | null {
    if (!this.tracer) return null;
    const remote = stored === null ? null : spanContextOf(stored);
    const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : context.active();
    return TraceSpan.start(this.tracer, description, parent);
  }

  /** A child of the span that `stored` names, which may be of another process, with a link to it. */
  following(stored: string, description: SpanDescription): TraceSpan | null {
    if (!this.tracer) return null;
    const cause = spanContextOf(stored);
    const parent: Context = trace.setSpanContext(ROOT_CONTEXT, cause);
    return TraceSpan.start(this.tracer, { ...description, links: [{ context: cause }] }, parent);
  }
}

function spanContextOf(stored: string): SpanContext {
  const { traceparent, tracestate } = splitTraceContext(stored);
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53), 16),
    isRemote: true,
    ...(tracestate !== null && { traceState: createTraceState(tracestate) }),
  };
}

/** The tracing of a process, and how to end it: the last spans are sent, or given up after a second. */
export interface OpenTracing {
  tracing: Tracing;
  close: () => Promise<void>;
}
