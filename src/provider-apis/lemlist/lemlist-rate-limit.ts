import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Clock } from '../../lib/clock.js';
import { Throttled } from '../../core/errors.js';
import { RateStore } from '../../database/rate-store.js';

const LIMIT = 20;
const WINDOW_MS = 2_000;

/** Counts a key's requests and says in headers how many are left, in every answer as their example has it. */
@Injectable()
export class LemlistRateLimit implements NestInterceptor {
  constructor(
    private readonly clock: Clock,
    private readonly rates: RateStore,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const { caller } = http.getRequest<FastifyRequest>();
    const now = this.clock.now();
    const key = caller?.kind === 'key' ? caller.keyId : '';
    const state = await this.rates.countCall(`lemlist/${key}`, LIMIT, WINDOW_MS, now);
    const seconds = Math.max(1, Math.ceil((state.resetAt - now) / 1_000));
    http.getResponse<FastifyReply>().headers({
      'retry-after': String(seconds),
      'x-ratelimit-limit': String(state.limit),
      'x-ratelimit-remaining': String(state.remaining),
      // For people: "Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)".
      'x-ratelimit-reset': new Date(state.resetAt).toString(),
    });
    if (!state.allowed) throw new Throttled('Too many requests', seconds);
    return next.handle();
  }
}
