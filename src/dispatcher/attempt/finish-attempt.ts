import { retryAfterMs } from '../../lib/retry-after.js';
import { verdictOf, type Verdict } from '../../core/verdict.js';
import type { AttemptErrorCode } from '../../core/domain-types.js';
import type { TraceSpan } from '../../telemetry/trace-span.js';
import type { AttemptRecord } from '../../deliveries/delivery.js';
import { profileOf } from '../../profiles/registry.js';
import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';
import type { ReadyDelivery } from '../lease/lease.js';
import { redactResponse } from './redact-response.js';
import type { SignedHeaders } from './sign.js';

/** An attempt that has ended and is not written yet. */
export interface FinishedAttempt {
  ready: ReadyDelivery;
  record: AttemptRecord;
  verdict: Verdict;
  /** When the attempt ended, epoch milliseconds. */
  endedAt: number;
  /** How long a 429 or 503 asked the whole endpoint to wait, milliseconds. */
  waitMs: number | null;
  /** Until when the endpoint's TLS certificate is valid, epoch milliseconds; null: it was not seen. */
  certificateUntil: number | null;
  /** Its span, if it is traced. */
  trace?: TraceSpan | null;
}

/** Turns an attempt's outcome into its record for the log and its verdict (`core/verdict.ts` has the rule). */
export function finishAttempt(
  ready: ReadyDelivery,
  headers: SignedHeaders,
  outcome: AttemptOutcome,
  times: { id: string; startedAt: number; endedAt: number },
): FinishedAttempt {
  const { delivery, endpoint } = ready;
  const { statusCode } = outcome;
  const { classifyResponse, retryPolicy } = profileOf(endpoint.profile);
  const responseClass = statusCode === null ? null : classifyResponse(statusCode, endpoint.hook.options);
  const errorCode: AttemptErrorCode | null =
    statusCode === null
      ? (outcome.errorCode ?? 'internal')
      : responseClass === 'delivered'
        ? null
        : `http_${statusCode}`;
  const asksToWait = retryPolicy.respectsRetryAfter && (statusCode === 429 || statusCode === 503);
  const waitMs = asksToWait ? retryAfterMs(retryAfterOf(outcome), times.endedAt) : null;
  return {
    ready,
    record: recordOf(ready, headers, outcome, errorCode, times),
    verdict: verdictOf({
      outcome: { statusCode, errorCode, responseClass, retryAfterMs: waitMs, repeatMs: outcome.repeatMs },
      schedule: endpoint.retrySchedule,
      step: delivery.scheduleStep,
      endedAt: times.endedAt,
      jitter: retryPolicy.jitter ? Math.random() : 0,
    }),
    endedAt: times.endedAt,
    waitMs,
    certificateUntil: outcome.certificateUntil ?? null,
  };
}

function retryAfterOf({ responseHeaders }: AttemptOutcome): string | undefined {
  return responseHeaders.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
}

function recordOf(
  { delivery, endpoint }: ReadyDelivery,
  headers: SignedHeaders,
  outcome: AttemptOutcome,
  errorCode: AttemptErrorCode | null,
  times: { id: string; startedAt: number },
): AttemptRecord {
  const redacted =
    outcome.statusCode === null ? null : redactResponse(outcome, endpoint, headers.token ?? null);
  return {
    id: times.id,
    n: delivery.attemptCount + 1,
    startedAt: new Date(times.startedAt),
    url: outcome.url,
    requestHeaders: headers.logged,
    statusCode: outcome.statusCode,
    responseHeaders: redacted && JSON.stringify(redacted.headers),
    responseBody: redacted?.body ?? null,
    responseTruncated: outcome.truncated,
    errorCode,
    errorDetail: storable(outcome.errorDetail),
    addressClass: outcome.addressClass,
    dnsMs: outcome.timings.dns,
    connectMs: outcome.timings.connect,
    tlsMs: outcome.timings.tls,
    firstByteMs: outcome.timings.firstByte,
    totalMs: outcome.timings.total,
  };
}

/** A template says in its own words why it fails, and PostgreSQL's text has no NUL. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\0', '\ufffd') ?? null;
}
