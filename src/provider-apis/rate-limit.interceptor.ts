import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Clock } from '../lib/clock.js';
import type { WindowState } from '../lib/fixed-window.js';
import { Throttled } from '../core/errors.js';
import { RateStore } from '../database/rate-store.js';

export interface RateLimit {
  provider: string;
  /** Each has a limit of its own, by which it is named. */
  windows: { limit: number; windowMs: number }[];
  /** What an answer says of a window. `seconds`: until it ends, at least 1. */
  headersOf: (state: WindowState, seconds: number) => Record<string, string>;
  /** What a refusal says. */
  message: string;
}

/** Holds each key to a provider's limits, over all processes. */
@Injectable()
export abstract class RateLimitInterceptor implements NestInterceptor {
  protected abstract readonly rateLimit: RateLimit;

  constructor(
    private readonly clock: Clock,
    private readonly rates: RateStore,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { provider, windows, headersOf, message } = this.rateLimit;
    const http = context.switchToHttp();
    const { caller } = http.getRequest<FastifyRequest>();
    const key = `${provider}/${caller?.kind === 'key' ? caller.keyId : ''}`;
    const now = this.clock.now();
    for (const { limit, windowMs } of windows) {
      const name = windows.length === 1 ? key : `${key}/${limit}`;
      const state = await this.rates.countCall(name, limit, windowMs, now);
      const seconds = Math.max(1, Math.ceil((state.resetAt - now) / 1_000));
      http.getResponse<FastifyReply>().headers(headersOf(state, seconds));
      if (!state.allowed) throw new Throttled(message, seconds);
    }
    return next.handle();
  }
}
