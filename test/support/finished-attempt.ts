import type { Override, Trigger } from '../../src/core/domain-types.js';
import type { Verdict } from '../../src/core/verdict.js';
import type { FinishedAttempt } from '../../src/dispatcher/attempt/finish-attempt.js';
import type { Health } from '../../src/endpoints/health.js';
import { HOOK } from './hooks.js';

export const NOW = 1_800_000_000_000;
/** `ms` milliseconds after `NOW`. */
export const at = (ms: number) => new Date(NOW + ms);

export const HEALTHY: Health = {
  id: 's',
  spaceId: 'space',
  status: 'active',
  pausedReason: null,
  pausedAt: null,
  failureCount: 0,
  firstFailureAt: null,
  lastFailureAt: null,
  lastRecoveryAt: null,
  waitsUntil: null,
  waitsSince: null,
  pauseAfter: 10,
  pauseAfterSeconds: 0,
  onExhausted: 'fail',
  pauseUnit: 'attempt',
  pauseMode: 'consecutive',
  whilePaused: 'hold',
  recovery: 'probe',
  probeStep: 0,
  nextProbeAt: null,
  version: 1,
  resumedVersion: 0,
};

export interface AttemptFacts {
  /** When the attempt ended, milliseconds after `NOW`. */
  end?: number;
  override?: Override;
  trigger?: Trigger;
  errorCode?: string;
  waitMs?: number;
  id?: string;
  subscriptionId?: string;
  scheduleStep?: number;
}

/** An attempt on the subscription `s` that ended with this verdict. */
export function finishedAttempt(
  kind: Verdict['kind'],
  {
    end = 0,
    override,
    trigger,
    errorCode,
    waitMs,
    id = 'd',
    subscriptionId = 's',
    scheduleStep = 0,
  }: AttemptFacts = {},
): FinishedAttempt {
  const endedAt = NOW + end;
  return {
    ready: {
      delivery: {
        id,
        spaceId: 'space',
        eventId: 'e',
        eventType: 'lead.create',
        subscriptionId,
        trigger: trigger ?? 'event',
        override: override ?? null,
        attemptCount: 0,
        scheduleStep,
        subscriptionVersion: 1,
        subscriptionFailures: 0,
        lease: 'l',
      },
      endpoint: {
        id: 's',
        uid: null,
        spaceId: 'space',
        version: 1,
        url: 'https://example.com/',
        headers: {},
        secrets: [],
        retrySchedule: [5],
        pauseAfter: 10,
        timeoutMs: 15_000,
        ratePerSecond: null,
        passTraceparent: false,
        versions: null,
        format: null,
        clientCertificate: null,
        oauth2: null,
        profile: 'native',
        spaceProfile: 'native',
        hook: HOOK,
      },
      event: {
        id: 'e',
        spaceId: 'space',
        type: 'lead.create',
        occurredAt: at(0),
        scope: {},
        data: '{}',
        trace: null,
      },
    },
    record: {
      id: 'a',
      n: 1,
      startedAt: at(0),
      url: 'https://example.com/',
      requestHeaders: '[]',
      statusCode: null,
      responseHeaders: null,
      responseBody: null,
      responseTruncated: false,
      errorCode: errorCode ?? (kind === 'delivered' ? null : 'http_500'),
      errorDetail: null,
      addressClass: null,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: null,
      totalMs: null,
    },
    verdict: kind === 'retry' ? { kind, at: endedAt + 5_000 } : { kind },
    endedAt,
    waitMs: waitMs ?? null,
    certificateUntil: null,
  };
}
