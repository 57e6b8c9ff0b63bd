import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Tracing } from '../../src/telemetry/tracing.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

it('an entry continues the stored trace of its caller, and begins a new one without it', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracing = new Tracing(provider);
  tracing.entry(`00-${TRACE}-${PARENT}-01`, { name: 'continued' })?.end();
  tracing.entry(null, { name: 'new' })?.end();

  const [continued, fresh] = exporter.getFinishedSpans();
  expect(continued?.spanContext().traceId).toBe(TRACE);
  expect(continued?.parentSpanContext?.spanId).toBe(PARENT);
  expect(fresh?.spanContext().traceId).not.toBe(TRACE);
  expect(fresh?.parentSpanContext).toBeUndefined();
});
