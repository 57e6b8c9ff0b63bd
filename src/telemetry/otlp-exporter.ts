import { diag, DiagLogLevel } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TracesTarget } from '../config/otlp.js';
import { version } from '../config/version.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { Tracing, type OpenTracing } from './tracing.js';

/** How long a stop waits for the last spans, milliseconds. */
const LAST_EXPORT_MS = 1_000;

/**
 * Sends spans to a collector. OpenTelemetry's SDK reads its other variables itself: sampler, headers, limits, the
 * service's name. Loaded only where there is a collector. Spans are dropped while it is away.
 */
export function exportTraces({ url, protocol }: TracesTarget, role: string): OpenTracing {
  const logger = new Logger('traces');
  const failures = new RateLimitedLog((error) => logger.warn({ msg: 'traces.export_failed', error }));
  const warnings = new RateLimitedLog((detail) => logger.warn({ msg: 'traces.warning', detail }));
  setGlobalErrorHandler((error) => failures.log(error instanceof Error ? error.message : 'unknown'));
  const ignore = () => undefined;
  const warn = (detail: string) => warnings.log(detail);
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  const ours = { 'service.name': 'posthorn', 'service.version': version, 'posthorn.role': role };
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes(ours))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new Exporter({ url }))],
  });
  const end = () => provider.shutdown().catch((error: unknown) => failures.log((error as Error).message));
  return {
    tracing: new Tracing(provider),
    // A collector that hangs holds up no stop.
    close: () => Promise.race([end(), sleep(LAST_EXPORT_MS, undefined, { ref: false })]),
  };
}
