import type { AttemptErrorCode } from '../../core/domain-types.js';
import type { FinishedAttempt } from './finish-attempt.js';

/** Results without a response: the endpoint may be down, or our own network. */
const SILENCE = new Set<string | null>([
  'timeout',
  'dns_error',
  'connection_refused',
  'connection_reset',
  'tls_error',
  // A network with a login page resolves every name to an address of its own.
  'blocked_address',
] satisfies AttemptErrorCode[]);

/** Whether no response was received, and not because Posthorn gave up. */
export function isSilence({ record }: FinishedAttempt): boolean {
  return SILENCE.has(record.errorCode);
}

const REASONS = {
  network:
    "Most other endpoints cannot be reached either: Posthorn's own network seems to be down. " +
    'The attempt is repeated as soon as the network is back.',
  proxy: 'The egress proxy is failing. The attempt is repeated as soon as it works again.',
};

/** The same attempt as `interrupted` by an outage of our own network: it counts nowhere and is repeated. */
export function excuse(attempt: FinishedAttempt, reason: keyof typeof REASONS): FinishedAttempt {
  const errorDetail = `${attempt.record.errorDetail ?? 'No response was received.'} ${REASONS[reason]}`;
  return {
    ...attempt,
    record: { ...attempt.record, errorCode: 'interrupted', errorDetail },
    verdict: { kind: 'retry', at: attempt.endedAt },
    waitMs: null,
  };
}
