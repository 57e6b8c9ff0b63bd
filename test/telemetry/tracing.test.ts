import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Tracing } from '../../src/telemetry/tracing.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

function record(): { tracing: Tracing; exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracing: new Tracing(provider), exporter };
}

it('an entry continues the stored trace of its caller, and begins a new one without it', () => {
  const { tracing, exporter } = record();
  tracing.entry(`00-${TRACE}-${PARENT}-01`, { name: 'continued' })?.end();
  tracing.entry(null, { name: 'new' })?.end();

  const [continued, fresh] = exporter.getFinishedSpans();
  expect(continued?.spanContext().traceId).toBe(TRACE);
  expect(continued?.parentSpanContext?.spanId).toBe(PARENT);
  expect(fresh?.spanContext().traceId).not.toBe(TRACE);
  expect(fresh?.parentSpanContext).toBeUndefined();
});

it('a span that follows one of another process is its child, and links to it with its state', () => {
  const { tracing, exporter } = record();
  tracing.following(`00-${TRACE}-${PARENT}-01 vendor=1`, { name: 'later' })?.end();

  const [later] = exporter.getFinishedSpans();
  expect(later?.parentSpanContext?.spanId).toBe(PARENT);
  expect(later?.links).toMatchObject([{ context: { traceId: TRACE, spanId: PARENT, traceFlags: 1 } }]);
  expect(later?.links[0]?.context.traceState?.serialize()).toBe('vendor=1');
});
