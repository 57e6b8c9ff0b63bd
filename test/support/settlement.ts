import { newUuid } from '../../src/core/ids.js';
import type { Settlement } from '../../src/deliveries/delivery.js';

/** The settlement of a leased delivery whose attempt `n`, at this moment, was answered with 200. */
export function succeeded(
  deliveryId: string,
  lease: string,
  { n = 1, at = Date.now() }: { n?: number; at?: number } = {},
): Settlement {
  return {
    deliveryId,
    lease,
    status: 'succeeded',
    scheduleStep: n - 1,
    maxAttempts: 6,
    nextAttemptAt: null,
    finishedAt: new Date(at),
    override: null,
    attempt: {
      id: newUuid(at),
      n,
      startedAt: new Date(at),
      url: 'https://example.com/',
      requestHeaders: '[]',
      statusCode: 200,
      responseHeaders: '[]',
      responseBody: Buffer.from('ok'),
      responseTruncated: false,
      errorCode: null,
      errorDetail: null,
      addressClass: null,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: 1,
      totalMs: 1,
    },
  };
}
