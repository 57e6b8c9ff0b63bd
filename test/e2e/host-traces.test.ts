/** @jest-environment ./test/support/leak-environment.mjs */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { eventually } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';
import { startReceiver } from '../support/receiver.js';

describe('PosthornModule in an application that is traced', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

  beforeEach(() => exporter.reset());
  afterAll(async () => {
    trace.disable();
    context.disable();
    await provider.shutdown();
  });

  const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

  it('makes no spans while the application has registered no provider', async () => {
    const receiver = await startReceiver();
    const host = await HostApp.start();
    await host.acme(receiver.url);
    await host.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id: '1' } });
    await receiver.received(1);
    await host.close();
    expect(exporter.getFinishedSpans()).toEqual([]);
    await receiver.close();
  });

  it("continues the application's active span with its provider, in a transaction, too", async () => {
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const receiver = await startReceiver();
    const host = await HostApp.start();
    await host.acme(receiver.url);
    const outer = provider.getTracer('host').startSpan('checkout');
    await context.with(trace.setSpan(context.active(), outer), async () => {
      await host.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id: '1' } });
      await host.source.transaction((manager) =>
        host.emitter.emit({ space: 'acme', manager }, { type: 'lead.create', data: { id: '2' } }),
      );
    });
    outer.end();
    await receiver.received(2);
    await eventually(() => named('attempt').length === 2 && named('settle').length > 0);
    await host.close();
    const { traceId, spanId } = outer.spanContext();
    const publishes = named('publish');
    expect(publishes.map((span) => span.parentSpanContext?.spanId)).toEqual([spanId, spanId]);
    expect(named('store')).toHaveLength(2);
    expect(
      named('attempt')
        .flatMap(({ links }) => links.map((link) => link.context.spanId))
        .toSorted(),
    ).toEqual(publishes.map((span) => span.spanContext().spanId).toSorted());
    for (const span of exporter.getFinishedSpans()) expect(span.spanContext().traceId).toBe(traceId);
    await receiver.close();
  });
});
