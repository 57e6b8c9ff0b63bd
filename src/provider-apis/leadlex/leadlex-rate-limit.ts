import { Injectable } from '@nestjs/common';
import { RateLimitInterceptor, type RateLimit } from '../rate-limit.interceptor.js';

/** Counts a key's requests and says in headers how many are left. */
@Injectable()
export class LeadlexRateLimit extends RateLimitInterceptor {
  protected readonly rateLimit: RateLimit = {
    provider: 'leadlex',
    // Leadlex documents the headers and no numbers.
    windows: [{ limit: 100, windowMs: 60_000 }],
    headersOf: ({ limit, remaining, resetAt }) => ({
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
    }),
    message: 'Too many requests.',
  };
}
