import { publicId } from '../../src/core/ids.js';
import { logAnswers, logHealth } from '../../src/dispatcher/health/health-log.js';
import type { NewHealth } from '../../src/dispatcher/health/judge-health.js';
import { finishedAttempt } from '../support/finished-attempt.js';

const NOW = new Date('2026-11-28T14:05:00.000Z');
const ID = '019adf00-0000-7000-8000-000000000001';
const subscription = publicId('sub', ID);
const PAUSED: NewHealth = {
  change: {
    id: ID,
    status: 'paused',
    pausedReason: 'failures',
    pausedAt: NOW,
    failureCount: 10,
    firstFailureAt: new Date(NOW.getTime() - 400),
    lastFailureAt: NOW,
    lastRecoveryAt: null,
    probeStep: 0,
    nextProbeAt: new Date(NOW.getTime() + 10_000),
    waitsUntil: null,
    waitsSince: null,
    lost: null,
  },
  turned: 'paused',
  at: NOW,
  endedWait: null,
};

describe('the log of endpoints that fail and recover', () => {
  const lines: unknown[] = [];
  const logger = {
    log: (line: unknown) => void lines.push(['log', line]),
    warn: (line: unknown) => void lines.push(['warn', line]),
  };
  beforeEach(() => lines.splice(0));

  it('warns of a pause, with the numbers of its evidence and the next probe', () => {
    logHealth(logger, { turned: [PAUSED], recovered: [] }, []);
    expect(lines).toEqual([
      [
        'warn',
        {
          msg: 'subscription.paused',
          subscription,
          reason: 'failures',
          failures: 10,
          withinMs: 400,
          nextProbeAt: '2026-11-28T14:05:10.000Z',
          detail: 'paused after 10 failures within 0.4 s, next probe at 14:05:10 UTC',
        },
      ],
    ]);
  });

  it('tells of a recovery, and warns of what was lost until then with the way to send it again', () => {
    const recovered = [{ id: ID, spaceId: ID, count: 12, since: NOW }];
    logHealth(logger, { turned: [{ ...PAUSED, turned: 'resumed' }], recovered }, [], { trace_id: 'abc' });
    expect(lines).toEqual([
      ['log', { msg: 'subscription.recovered', subscription, trace_id: 'abc' }],
      [
        'warn',
        {
          msg: 'subscription.lost_deliveries',
          space: publicId('spc', ID),
          subscription,
          trace_id: 'abc',
          lost: 12,
          since: NOW.toISOString(),
          detail: expect.stringMatching(/12 deliveries were lost .*\/replay with \{"lost": true\}/) as string,
        },
      ],
    ]);
  });

  it('has each probe that got an answer or none, and not those that we broke off ourselves', () => {
    const probe = (kind: 'delivered' | 'retry', errorCode?: string) =>
      finishedAttempt(kind, { subscriptionId: ID, override: 'probe', ...(errorCode && { errorCode }) });
    const ours = ['interrupted', 'proxy_unreachable', 'proxy_auth_failed', 'proxy_error'];
    const batch = [
      probe('delivered'),
      probe('retry', 'timeout'),
      ...ours.map((errorCode) => probe('retry', errorCode)),
    ];
    for (const { ready } of batch) ready.delivery.spaceId = ID;
    logAnswers(logger, batch);
    expect(lines).toEqual(
      ['succeeded', 'failed'].map((outcome): unknown[] => [
        'log',
        expect.objectContaining({ msg: 'subscription.probed', subscription, outcome }),
      ]),
    );
  });
});
