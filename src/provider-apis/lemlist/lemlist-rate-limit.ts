import { Injectable } from '@nestjs/common';
import { RateLimitInterceptor, type RateLimit } from '../rate-limit.interceptor.js';

/** Counts a key's requests and says in headers how many are left, in every answer as lemlist's example has it. */
@Injectable()
export class LemlistRateLimit extends RateLimitInterceptor {
  protected readonly rateLimit: RateLimit = {
    provider: 'lemlist',
    windows: [{ limit: 20, windowMs: 2_000 }],
    headersOf: ({ limit, remaining, resetAt }, seconds) => ({
      'retry-after': String(seconds),
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      // For people: "Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)".
      'x-ratelimit-reset': new Date(resetAt).toString(),
    }),
    message: 'Too many requests',
  };
}
