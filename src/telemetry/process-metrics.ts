import {
  collectDefaultMetrics,
  Registry,
  type OpenMetricsContentType,
  type PrometheusContentType,
} from 'prom-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetGauges } from './fleet-gauges.js';
import { createCounters, showZeros } from './process-counters.js';
import { createGauges } from './process-gauges.js';
import { createHistograms } from './process-histograms.js';

type AnyRegistry = Registry<OpenMetricsContentType | PrometheusContentType>;

const OPEN_METRICS = 'application/openmetrics-text';

/** A scrape's answer. */
export interface Exposition {
  contentType: string;
  text: string;
}

/**
 * How often the event loop's lag is sampled, milliseconds. The default of 10 wakes an idle process a hundred times a
 * second, and takes 0.3 % of a core.
 */
const LAG_SAMPLE_MS = 100;
/** Anybody may ask, and an exposition takes 3 ms: the next one begins after so many at the earliest. */
const APART_MS = 50;

/**
 * All metrics of one process, in a registry of their own: a process may have several Nest containers, and a host
 * application a registry of its own. `app/start.ts` gives the same object to all containers.
 */
export class ProcessMetrics {
  readonly registry = newRegistry();
  readonly counters = createCounters(this.registry);
  readonly histograms = createHistograms(this.registry);
  readonly gauges = createGauges(this.registry);
  readonly fleet = new FleetGauges(this.registry);
  private rendering: Promise<unknown> = Promise.resolve();
  /** What has not begun yet, by whether it is OpenMetrics: who asks meanwhile gets the same. */
  private readonly waiting = new Map<boolean, Promise<Exposition>>();
  private begunAt = -Infinity;

  /** `ofProcess`: with the process's CPU, memory and event loop (`process_*`, `nodejs_*`). */
  constructor({ ofProcess = true } = {}) {
    if (ofProcess)
      collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_SAMPLE_MS });
    this.registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
    showZeros(this.counters);
  }

  /** As OpenMetrics with exemplars where the request's `Accept` names it, else in Prometheus' own text format. */
  render(accept = ''): Promise<Exposition> {
    const isOpenMetrics = accept.includes(OPEN_METRICS);
    const shared = this.waiting.get(isOpenMetrics);
    if (shared) return shared;
    // One at a time: the registry has one format at a time.
    const rendered = this.rendering.then(() => this.renderNext(isOpenMetrics));
    this.waiting.set(isOpenMetrics, rendered);
    this.rendering = rendered.catch(() => undefined);
    return rendered;
  }

  private async renderNext(isOpenMetrics: boolean): Promise<Exposition> {
    const restMs = this.begunAt + APART_MS - performance.now();
    if (restMs > 0) await sleep(restMs);
    this.begunAt = performance.now();
    this.waiting.delete(isOpenMetrics);
    return this.renderAs(isOpenMetrics);
  }

  private async renderAs(isOpenMetrics: boolean): Promise<Exposition> {
    // Its type allows the one format it was made with.
    const registry = this.registry as AnyRegistry;
    const names = registry.getMetricsAsArray().map((metric) => [metric, metric.name] as const);
    registry.setContentType(
      isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE,
    );
    try {
      return { contentType: registry.contentType, text: await registry.metrics() };
    } finally {
      // prom-client cuts `_total` off the counters' names for OpenMetrics, and leaves it off.
      for (const [metric, name] of names) metric.name = name;
      registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
    }
  }
}

/** prom-client makes exemplars only in a registry that is OpenMetrics at that moment. */
function newRegistry(): Registry {
  const registry: AnyRegistry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry as Registry;
}
