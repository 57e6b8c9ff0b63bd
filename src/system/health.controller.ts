import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../spaces/access.js';
import { Liveness, Readiness } from './health.dto.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { ReadinessService } from './readiness.service.js';

@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: ProcessMetrics,
  ) {}

  /** Check that the process is alive. It looks at nothing else, so a database that is away restarts nobody. */
  @Get('healthz')
  live(): Liveness {
    return { status: 'ok' };
  }

  /** Check whether the process can do its work. 200, or 503 with the checks that failed. */
  @Get('readyz')
  @ApiServiceUnavailableResponse({ type: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.read();
    const isReady = readiness.status === 'ok';
    reply.status(isReady ? 200 : 503).header('cache-control', 'no-store');
    if (!isReady) reply.header('retry-after', '1');
    return readiness;
  }

  /**
   * Read the process's metrics, in the Prometheus text format, or as OpenMetrics with exemplars where `Accept` names it
   */
  @Get('metrics')
  @ApiProduces('text/plain', 'application/openmetrics-text')
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { contentType, text } = await this.metrics.render(request.headers.accept);
    reply.type(contentType);
    return text;
  }
}
