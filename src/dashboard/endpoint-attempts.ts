import { publicId } from '../core/ids.js';
import { MOST_ATTEMPTS, type EndpointAttempt } from '../deliveries/attempts-of-endpoint.js';
import type { AttemptCodeView, EndpointAttemptsView, RecentAttemptView } from './endpoint-attempts.dto.js';
import type { BucketView, LatencyView } from './overview.dto.js';

const MOST_CODES = 20;
const MOST_RECENT = 60;

interface Span {
  /** When the first bucket begins, milliseconds. */
  first: number;
  stepMs: number;
  buckets: number;
}

/** What attempts, newest first, came to. One more than are counted says that there are more. */
export function summarize(found: EndpointAttempt[], span: Span): EndpointAttemptsView {
  const attempts = found.slice(0, MOST_ATTEMPTS);
  const last = (isGood: boolean) =>
    attempts.find(({ errorCode }) => (errorCode === null) === isGood)?.startedAt.toISOString() ?? null;
  return {
    buckets: bucketsOf(attempts, span),
    latency: latencyOf(attempts),
    codes: codesOf(attempts),
    attempts: { count: attempts.length, capped: found.length > attempts.length },
    recent: attempts.slice(0, MOST_RECENT).reverse().map(toRecent),
    lastSuccessAt: last(true),
    lastFailureAt: last(false),
  };
}

function bucketsOf(attempts: EndpointAttempt[], { first, stepMs, buckets }: Span): BucketView[] {
  const views = Array.from({ length: buckets }, (_none, index) => ({
    at: new Date(first + index * stepMs).toISOString(),
    ...{ succeeded: 0, failed: 0, retried: 0 },
  }));
  for (const attempt of attempts) {
    const view = views[Math.floor((attempt.startedAt.getTime() - first) / stepMs)];
    if (view) view[outcomeOf(attempt)] += 1;
  }
  return views;
}

function toRecent(attempt: EndpointAttempt): RecentAttemptView {
  const { deliveryId, n, startedAt, statusCode, errorCode, totalMs } = attempt;
  return {
    deliveryId: publicId('dlv', deliveryId),
    n,
    startedAt: startedAt.toISOString(),
    outcome: outcomeOf(attempt),
    statusCode,
    errorCode,
    totalMs,
  };
}

function outcomeOf({ errorCode, isLast, status }: EndpointAttempt): 'succeeded' | 'failed' | 'retried' {
  if (errorCode === null) return 'succeeded';
  return isLast && status !== 'pending' && status !== 'held' ? 'failed' : 'retried';
}

/** Of whole answers. */
function latencyOf(attempts: EndpointAttempt[]): LatencyView | null {
  const times = attempts
    .filter(({ statusCode }) => statusCode !== null)
    .flatMap(({ totalMs }) => totalMs ?? [])
    .sort((a, b) => a - b);
  const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;
  return times.length === 0 ? null : { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function codesOf(attempts: EndpointAttempt[]): AttemptCodeView[] {
  const counts = new Map<string, number>();
  for (const { statusCode, errorCode } of attempts) {
    const code = statusCode === null ? (errorCode ?? 'none') : String(statusCode);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CODES);
}
