import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Clock } from '../../lib/clock.js';
import { Throttled } from '../../core/errors.js';
import { RateStore } from '../../database/rate-store.js';

/** Their page names the headers and no numbers. */
const LIMIT = 100;
const WINDOW_MS = 60_000;

/** Counts a key's requests and says in headers how many are left. */
@Injectable()
export class LeadlexRateLimit implements NestInterceptor {
  constructor(
    private readonly clock: Clock,
    private readonly rates: RateStore,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const { caller } = http.getRequest<FastifyRequest>();
    const now = this.clock.now();
    const key = caller?.kind === 'key' ? caller.keyId : '';
    const state = await this.rates.countCall(`leadlex/${key}`, LIMIT, WINDOW_MS, now);
    http.getResponse<FastifyReply>().headers({
      'x-ratelimit-limit': String(state.limit),
      'x-ratelimit-remaining': String(state.remaining),
      'x-ratelimit-reset': String(Math.ceil(state.resetAt / 1_000)),
    });
    if (!state.allowed) {
      throw new Throttled('Too many requests.', Math.max(1, Math.ceil((state.resetAt - now) / 1_000)));
    }
    return next.handle();
  }
}
