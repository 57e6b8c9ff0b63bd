import fc from 'fast-check';
import { verdictOf, type VerdictInput } from '../../src/core/verdict.js';

const SCHEDULE = [5, 30, 300, 3600, 21_600];
const ENDED = 1_000_000;

function verdict(outcome: Partial<VerdictInput['outcome']>, more: Partial<VerdictInput> = {}) {
  return verdictOf({
    outcome: { statusCode: null, errorCode: null, responseClass: 'failed', retryAfterMs: null, ...outcome },
    schedule: SCHEDULE,
    step: 0,
    endedAt: ENDED,
    jitter: 0,
    ...more,
  });
}

describe('the verdict', () => {
  it('is delivered when the profile accepts the answer, whatever its status', () => {
    expect(verdict({ statusCode: 200, responseClass: 'delivered' })).toEqual({ kind: 'delivered' });
    expect(verdict({ statusCode: 410, responseClass: 'delivered' }, { step: 9 })).toEqual({
      kind: 'delivered',
    });
  });

  it('is exhausted when the profile takes the answer for the last word', () => {
    expect(verdict({ statusCode: 400, responseClass: 'final' })).toEqual({ kind: 'exhausted' });
  });

  it('is gone when the profile takes the answer for that, on any step', () => {
    expect(verdict({ statusCode: 410, errorCode: 'http_410', responseClass: 'gone' })).toEqual({
      kind: 'gone',
    });
    expect(verdict({ statusCode: 410, errorCode: 'http_410', responseClass: 'gone' }, { step: 5 })).toEqual({
      kind: 'gone',
    });
  });

  it('is refused for a blocked address, at once', () => {
    expect(verdict({ errorCode: 'blocked_address' })).toEqual({ kind: 'refused' });
  });

  it("goes by the schedule where only some of a host's addresses are blocked, as with other failures", () => {
    expect(verdict({ errorCode: 'mixed_addresses' })).toEqual({ kind: 'retry', at: ENDED + 5_000 });
    expect(verdict({ errorCode: 'mixed_addresses' }, { step: 5 })).toEqual({ kind: 'exhausted' });
  });

  it.each(SCHEDULE.map((delay, step) => [step, delay]))(
    'after %i scheduled attempts is a retry %i s after the end of the last',
    (step, delay) => {
      expect(verdict({ statusCode: 500, errorCode: 'http_500' }, { step })).toEqual({
        kind: 'retry',
        at: ENDED + delay * 1000,
      });
    },
  );

  it('is exhausted when the schedule is used up', () => {
    expect(verdict({ errorCode: 'timeout' }, { step: 5 })).toEqual({ kind: 'exhausted' });
    expect(verdict({ errorCode: 'timeout' }, { step: 9 })).toEqual({ kind: 'exhausted' });
    expect(verdict({ errorCode: 'timeout' }, { schedule: [] })).toEqual({ kind: 'exhausted' });
  });

  it('waits for the later of schedule and hint after 429 and 503, and for no other status', () => {
    for (const statusCode of [429, 503]) {
      expect(verdict({ statusCode, retryAfterMs: 60_000 })).toEqual({
        kind: 'retry',
        at: ENDED + 60_000,
        insteadOf: ENDED + 5_000,
      });
      expect(verdict({ statusCode, retryAfterMs: 1_000 })).toEqual({ kind: 'retry', at: ENDED + 5_000 });
    }
    for (const statusCode of [200, 301, 500, 502]) {
      expect(verdict({ statusCode, retryAfterMs: 60_000 })).toEqual({ kind: 'retry', at: ENDED + 5_000 });
    }
  });

  it('is exhausted at the end of the schedule even with a hint', () => {
    expect(verdict({ statusCode: 429, retryAfterMs: 60_000 }, { step: 5 })).toEqual({ kind: 'exhausted' });
  });

  it('is another try at once when we broke the attempt off, even at the end of the schedule', () => {
    expect(verdict({ errorCode: 'interrupted' }, { step: 5 })).toEqual({ kind: 'retry', at: ENDED });
    const later = { kind: 'retry', at: ENDED + 2_000 };
    expect(verdict({ errorCode: 'interrupted', repeatMs: 2_000 }, { step: 5 })).toEqual(later);
  });

  it.each(['proxy_unreachable', 'proxy_auth_failed', 'proxy_error'] as const)(
    'uses up nothing when the egress proxy fails: %s',
    (errorCode) => {
      const later = { kind: 'retry', at: ENDED + 2_000 };
      expect(verdict({ errorCode, repeatMs: 2_000 }, { step: 5 })).toEqual(later);
    },
  );

  it('follows the schedule when the egress proxy forbids the endpoint', () => {
    expect(verdict({ errorCode: 'proxy_refused' }, { step: 5 })).toEqual({ kind: 'exhausted' });
  });

  it('lengthens a delay by less than 10 % and never shortens it', () => {
    const delays = fc.integer({ min: 0, max: 604_800 });
    fc.assert(
      fc.property(delays, fc.double({ min: 0, max: 1, noNaN: true }), (delay, jitter) => {
        const result = verdict({ statusCode: 500 }, { schedule: [delay], jitter });
        const waited = result.kind === 'retry' ? result.at - ENDED : -1;
        expect(waited).toBeGreaterThanOrEqual(delay * 1000);
        expect(waited).toBeLessThanOrEqual(delay * 1080);
      }),
    );
  });
});
