import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { publicId } from '../core/ids.js';
import { BoundedLog } from '../telemetry/bounded-log.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';

/** Where events are published; below a base path, too. */
const PUBLISH_ROUTE = '/v1/spaces/:space/events';

/** What a publish request came to. */
export interface PublishFacts {
  events: number;
  duplicates: number;
  deliveries: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once a publish request has stored its events. */
    publishFacts?: PublishFacts;
    /** Of a request that is traced. */
    traceId?: string;
    /** The problem's, of a request that was refused. */
    problemCode?: string;
  }
}

/**
 * Counts refused requests, measures the accepted ones of those that publish, and logs them where the operator asks for
 * it.
 */
export class RequestMetrics {
  private readonly logger = new Logger('publish');
  private readonly throttled = new BoundedLog(new Logger('http'));

  constructor(
    private readonly metrics: ProcessMetrics,
    private readonly isWide = false,
  ) {}

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      if (isPublish(request)) {
        if (reply.statusCode === 202)
          this.metrics.histograms.publishDuration.observe(reply.elapsedTime / 1_000);
        if (this.isWide) this.logger.log(publishLine(request, reply));
      }
      done();
    });
  }

  /** `code` is the problem's, one of those that the API documents. */
  refused(
    request: FastifyRequest,
    { status, code }: { status: number; code: string },
    waitSeconds?: number,
  ): void {
    const { eventsRefused, throttled } = this.metrics.counters;
    const publishes = isPublish(request);
    request.problemCode = code;
    if (publishes) eventsRefused.inc({ code });
    if (status !== 429) return;
    const scope = publishes ? 'publish' : 'api';
    throttled.inc({ scope });
    this.throttled.warn({
      msg: 'request.throttled',
      scope,
      route: request.routeOptions.url ?? 'unknown',
      ...spaceOf(request),
      code,
      ...(waitSeconds !== undefined && { waitMs: waitSeconds * 1_000 }),
    });
  }
}

function isPublish({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.url === PUBLISH_ROUTE;
}

function spaceOf({ space }: FastifyRequest): { space?: string } {
  return space ? { space: publicId('spc', space.id) } : {};
}

/** All that is known of a publish request, but nothing of its events. */
function publishLine(request: FastifyRequest, reply: FastifyReply): object {
  return {
    msg: 'publish',
    ...spaceOf(request),
    status: reply.statusCode,
    ...(request.problemCode !== undefined && { code: request.problemCode }),
    ...request.publishFacts,
    bytes: Number(request.headers['content-length'] ?? Buffer.byteLength(request.rawJson ?? '')),
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    request_id: request.id,
    ...(request.traceId !== undefined && { trace_id: request.traceId }),
  };
}
