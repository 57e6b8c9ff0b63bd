import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Clock } from '../../lib/clock.js';
import { Throttled } from '../../core/errors.js';
import { RateStore } from '../../database/rate-store.js';

const WINDOWS = [
  { limit: 10, windowMs: 1_000 },
  { limit: 60, windowMs: 60_000 },
  { limit: 1_000, windowMs: 3_600_000 },
];

/** Holds every key to 10 requests a second, 60 a minute and 1,000 an hour. */
@Injectable()
export class SmartleadRateLimit implements NestInterceptor {
  constructor(
    private readonly clock: Clock,
    private readonly rates: RateStore,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
    const key = caller?.kind === 'key' ? caller.keyId : '';
    const now = this.clock.now();
    for (const { limit, windowMs } of WINDOWS) {
      const name = `smartlead/${key}/${limit}`;
      const { allowed, resetAt } = await this.rates.countCall(name, limit, windowMs, now);
      if (!allowed) throw new Throttled('Too many requests. Please slow down.', (resetAt - now) / 1_000);
    }
    return next.handle();
  }
}
