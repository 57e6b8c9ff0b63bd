import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';

/** Where events are published; below a base path, too. */
const PUBLISH_ROUTE = '/v1/spaces/:space/events';

/** Counts refused requests, and measures the accepted ones, of those that publish. */
export class RequestMetrics {
  constructor(private readonly metrics: ProcessMetrics) {}

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      if (reply.statusCode === 202 && isPublish(request))
        this.metrics.histograms.publishDuration.observe(reply.elapsedTime / 1_000);
      done();
    });
  }

  /** `code` is the problem's, one of those that the API documents. */
  refused(request: FastifyRequest, { status, code }: { status: number; code: string }): void {
    const { eventsRefused, throttled } = this.metrics.counters;
    const publishes = isPublish(request);
    if (publishes) eventsRefused.inc({ code });
    if (status === 429) throttled.inc({ scope: publishes ? 'publish' : 'api' });
  }
}

function isPublish({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.url === PUBLISH_ROUTE;
}
