import type { AttemptNotice } from '../dispatcher/settle/attempt-feed.js';

const PLAIN = { good: '', bad: '', dim: '', end: '' };
const COLOURS = { good: '\u001b[32m', bad: '\u001b[31m', dim: '\u001b[2m', end: '\u001b[0m' };

/** One attempt in one line: when, what, where, the answer, and what comes next. */
export function attemptLine(notice: AttemptNotice, endpoint: string, now: Date, colour: boolean): string {
  const paint = colour ? COLOURS : PLAIN;
  const tone = notice.status === 'succeeded' ? paint.good : paint.bad;
  const answer = notice.statusCode ?? notice.errorCode ?? '';
  const ms = notice.totalMs === null ? '' : `${Math.round(notice.totalMs)} ms`;
  return [
    `${paint.dim}${now.toTimeString().slice(0, 8)}${paint.end}`,
    notice.eventType.padEnd(20),
    endpoint.padEnd(11),
    `attempt ${notice.n}`,
    `${tone}${String(answer).padEnd(5)}${paint.end}`,
    ms.padStart(6),
    `${tone}${consequence(notice, now)}${paint.end}`,
  ].join('  ');
}

function consequence({ status, nextAttemptAt }: AttemptNotice, now: Date): string {
  switch (status) {
    case 'succeeded':
      return 'delivered';
    case 'pending':
      return `retry in ${duration((nextAttemptAt?.getTime() ?? now.getTime()) - now.getTime())}`;
    case 'held':
      return 'held: the endpoint is paused after its failures';
    case 'cancelled':
      return 'cancelled';
    case 'expired':
      return 'expired';
    default:
      return 'failed: no attempts are left';
  }
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
