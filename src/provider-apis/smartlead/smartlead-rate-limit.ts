import { Injectable } from '@nestjs/common';
import { RateLimitInterceptor, type RateLimit } from '../rate-limit.interceptor.js';

/** Holds every key to 10 requests a second, 60 a minute and 1,000 an hour. */
@Injectable()
export class SmartleadRateLimit extends RateLimitInterceptor {
  protected readonly rateLimit: RateLimit = {
    provider: 'smartlead',
    windows: [
      { limit: 10, windowMs: 1_000 },
      { limit: 60, windowMs: 60_000 },
      { limit: 1_000, windowMs: 3_600_000 },
    ],
    headersOf: () => ({}),
    message: 'Too many requests. Please slow down.',
  };
}
