import type { AttemptOutcome } from '../../src/outbound/attempt-outcome.js';
import { finishAttempt } from '../../src/dispatcher/attempt/finish-attempt.js';
import type { ReadyDelivery } from '../../src/dispatcher/lease/lease.js';
import { at, finishedAttempt, NOW } from '../support/finished-attempt.js';

const HEADERS = { sent: [], logged: '[["a","b"]]' };
const TIMES = { id: 'attempt', startedAt: NOW, endedAt: NOW + 20 };

function outcome(more: Partial<AttemptOutcome> = {}): AttemptOutcome {
  return {
    url: 'https://example.com/',
    statusCode: 200,
    errorCode: null,
    errorDetail: null,
    responseHeaders: [],
    responseBody: Buffer.from('ok'),
    truncated: false,
    timings: { dns: 1, connect: 2, tls: 3, firstByte: 4, total: 20 },
    addressClass: 'public',
    stalledMs: 0,
    ...more,
  };
}

function ready(profile: 'native' | 'lemlist' = 'native'): ReadyDelivery {
  const { ready: usual } = finishedAttempt('retry');
  return {
    ...usual,
    delivery: { ...usual.delivery, attemptCount: 2, scheduleStep: 1 },
    endpoint: { ...usual.endpoint, profile, retrySchedule: [5, 300] },
  };
}

const finish = (result: AttemptOutcome, to = ready()) => finishAttempt(to, HEADERS, result, TIMES);
const retryAfter = (statusCode: number, value = '3600', name = 'Retry-After') =>
  outcome({
    statusCode,
    responseHeaders: [
      ['x', '1'],
      [name, value],
    ],
  });

describe('an attempt that has ended', () => {
  it('is recorded with its number, its times and the response', () => {
    const { record, endedAt } = finish(outcome({ responseHeaders: [['x', '1']] }));
    expect(endedAt).toBe(TIMES.endedAt);
    expect(record).toEqual({
      id: 'attempt',
      n: 3,
      startedAt: at(0),
      url: 'https://example.com/',
      requestHeaders: HEADERS.logged,
      statusCode: 200,
      responseHeaders: '[["x","1"]]',
      responseBody: Buffer.from('ok'),
      responseTruncated: false,
      errorCode: null,
      errorDetail: null,
      addressClass: 'public',
      dnsMs: 1,
      connectMs: 2,
      tlsMs: 3,
      firstByteMs: 4,
      totalMs: 20,
    });
  });

  it('without a status has the reason, and no response', () => {
    const silent = { statusCode: null, responseHeaders: [], responseBody: Buffer.alloc(0) };
    expect(finish(outcome({ ...silent, errorCode: 'timeout' })).record).toMatchObject({
      errorCode: 'timeout',
      responseHeaders: null,
      responseBody: null,
    });
    expect(finish(outcome(silent)).record.errorCode).toBe('internal');
  });

  it('is named by its status when that is no success', () => {
    expect(finish(outcome({ statusCode: 500 })).record.errorCode).toBe('http_500');
    expect(finish(outcome({ statusCode: 204 }))).toMatchObject({
      record: { errorCode: null },
      verdict: { kind: 'delivered' },
    });
  });

  it('is repeated by the step of its schedule, up to 8 % later where the profile spreads attempts', () => {
    const { verdict } = finish(outcome({ statusCode: 500 }));
    expect(verdict.kind).toBe('retry');
    const { at: due } = verdict as { at: number };
    expect(due).toBeGreaterThanOrEqual(TIMES.endedAt + 300_000);
    expect(due).toBeLessThanOrEqual(TIMES.endedAt + 324_000);
    const exact = finish(outcome({ statusCode: 500 }), ready('lemlist')).verdict;
    expect(exact).toEqual({ kind: 'retry', at: TIMES.endedAt + 300_000 });
  });

  it('spreads attempts by chance', () => {
    const times = Array.from({ length: 20 }, () => {
      const { verdict } = finish(outcome({ statusCode: 500 }));
      return verdict.kind === 'retry' ? verdict.at : 0;
    });
    expect(new Set(times).size).toBeGreaterThan(1);
  });

  it('repeats what Posthorn aborted after the time that the sender gave', () => {
    const aborted = outcome({ statusCode: null, errorCode: 'interrupted', repeatMs: 250 });
    expect(finish(aborted).verdict).toEqual({ kind: 'retry', at: TIMES.endedAt + 250 });
  });

  it.each([429, 503])('waits as a %d asks, whatever the case of the header', (statusCode) => {
    for (const name of ['Retry-After', 'retry-after']) {
      const { waitMs, verdict } = finish(retryAfter(statusCode, '3600', name));
      expect(waitMs).toBe(3_600_000);
      expect(verdict).toMatchObject({ kind: 'retry', at: TIMES.endedAt + 3_600_000 });
    }
  });

  it('waits for no other status, and not where the profile takes no notice of it', () => {
    expect(finish(retryAfter(500)).waitMs).toBeNull();
    expect(finish(outcome({ statusCode: 429 })).waitMs).toBeNull();
    expect(finish(retryAfter(503), ready('lemlist')).waitMs).toBeNull();
  });

  it('counts the wait that a date asks for from the end of the attempt', () => {
    const date = new Date(TIMES.endedAt + 600_000).toUTCString();
    const { waitMs } = finish(retryAfter(429, date));
    expect(waitMs).toBeGreaterThan(598_000);
    expect(waitMs).toBeLessThanOrEqual(600_000);
  });
});
