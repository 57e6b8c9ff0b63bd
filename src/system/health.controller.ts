import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../spaces/access.js';
import { Liveness, Readiness } from './health.dto.js';
import { MetricsService } from './metrics.service.js';
import { ReadinessService } from './readiness.service.js';

@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: MetricsService,
  ) {}

  /** Tell that the process is alive. It looks at nothing else, so a database that is away restarts nobody. */
  @Get('healthz')
  live(): Liveness {
    return { status: 'ok' };
  }

  /** Tell whether the process can do its work. 200, or 503 with the checks that failed. */
  @Get('readyz')
  @ApiServiceUnavailableResponse({ type: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.read();
    reply.status(readiness.status === 'ok' ? 200 : 503).header('cache-control', 'no-store');
    return readiness;
  }

  /** Read the process's metrics, in the Prometheus text format */
  @Get('metrics')
  @ApiProduces('text/plain')
  async show(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
