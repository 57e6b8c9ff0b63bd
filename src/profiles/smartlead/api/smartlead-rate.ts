import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Clock } from '../../../core/clock.js';
import { Throttled } from '../../../core/errors.js';
import { RateWindow } from '../../../http/rate-window.js';

/** Holds every key to 10 requests a second, 60 a minute and 1,000 an hour. */
@Injectable()
export class SmartleadRate implements NestInterceptor {
  private readonly windows = [
    new RateWindow(10, 1_000),
    new RateWindow(60, 60_000),
    new RateWindow(1_000, 3_600_000),
  ];

  constructor(private readonly clock: Clock) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
    const key = caller?.kind === 'key' ? caller.keyId : '';
    const now = this.clock.now();
    for (const window of this.windows) {
      const { allowed, resetAt } = window.take(key, now);
      if (!allowed) throw new Throttled('Too many requests. Please slow down.', (resetAt - now) / 1_000);
    }
    return next.handle();
  }
}
