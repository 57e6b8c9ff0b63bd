import type { AttemptErrorCode } from '../core/domain-types.js';
import type { FinishedAttempt } from './finish-attempt.js';

/** How an attempt ends that nothing came back from: the endpoint may be down, or our network out. */
const SILENCE = new Set<string | null>([
  'timeout',
  'dns_error',
  'connection_refused',
  'connection_reset',
  'tls_error',
  // A network that asks for a password first answers every name with an address of its own.
  'blocked_address',
] satisfies AttemptErrorCode[]);

/** Whether no answer came, by no decision of ours. */
export function isSilence({ record }: FinishedAttempt): boolean {
  return record.statusCode === null && SILENCE.has(record.errorCode);
}

/** The attempt as one that our own network spoilt: it counts nowhere, and the delivery waits for the next. */
export function excuse(attempt: FinishedAttempt): FinishedAttempt {
  const was = attempt.record.errorDetail ?? 'No answer came.';
  const errorDetail = `${was} So do most endpoints at present: Posthorn's own network seems to be out. It is tried again as soon as that is over.`;
  return {
    ...attempt,
    record: { ...attempt.record, errorCode: 'interrupted', errorDetail },
    verdict: { kind: 'retry', at: attempt.endedAt },
    waitMs: null,
  };
}
