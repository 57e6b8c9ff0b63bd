import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';
import type { SignedHeaders } from './sign.js';

/** When an attempt is made again whose turn for a template did not come, milliseconds. */
const BUSY_MS = 1_000;

/** The headers of a request that was not made. */
export const NO_HEADERS: SignedHeaders = { sent: [], logged: '[]' };

/** Whether nothing was sent since there was no body: that is not the endpoint's fault. */
export function isUnrendered(errorCode: string | null): boolean {
  return errorCode === 'template_failed' || errorCode === 'conversion_failed';
}

/**
 * The outcome of an attempt whose body could not be made. It says nothing about the endpoint. `busy`: it may be made a
 * little later, and uses up nothing.
 */
export function unrendered(
  url: string,
  {
    error,
    busy,
    code = 'template_failed',
  }: { error: string; busy?: true; code?: 'template_failed' | 'conversion_failed' },
): AttemptOutcome {
  return {
    url,
    statusCode: null,
    errorCode: busy ? 'interrupted' : code,
    errorDetail: `${error}. Nothing was sent.`,
    responseHeaders: [],
    responseBody: Buffer.alloc(0),
    truncated: false,
    timings: { dns: null, connect: null, tls: null, firstByte: null, total: 0 },
    addressClass: null,
    stalledMs: 0,
    ...(busy && { repeatMs: BUSY_MS }),
  };
}
