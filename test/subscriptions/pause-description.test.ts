import { describePause, type Pause } from '../../src/endpoints/pause-description.js';

const NOW = new Date('2026-11-28T14:05:00.000Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);
const PAUSE: Pause = {
  pausedReason: 'failures',
  pausedAt: NOW,
  failureCount: 10,
  firstFailureAt: after(-400),
  nextProbeAt: after(10_000),
  waitsUntil: null,
};

describe('a pause in words', () => {
  it.each([
    [{}, 'paused after 10 failures within 0.4 s, next probe at 14:05:10 UTC'],
    [{ failureCount: 1 }, 'paused after 1 failure, next probe at 14:05:10 UTC'],
    [{ firstFailureAt: null }, 'paused after 10 failures, next probe at 14:05:10 UTC'],
    [{ firstFailureAt: after(5) }, 'paused after 10 failures within 0.0 s, next probe at 14:05:10 UTC'],
    [{ firstFailureAt: after(-42_300) }, 'paused after 10 failures within 42 s, next probe at 14:05:10 UTC'],
    [
      { firstFailureAt: after(-119_000) },
      'paused after 10 failures within 119 s, next probe at 14:05:10 UTC',
    ],
    [
      { firstFailureAt: after(-7 * 60_000) },
      'paused after 10 failures within 7 min, next probe at 14:05:10 UTC',
    ],
    [
      { firstFailureAt: after(-9 * 3_600_000) },
      'paused after 10 failures within 9 h, next probe at 14:05:10 UTC',
    ],
    [
      { firstFailureAt: after(-72 * 3_600_000) },
      'paused after 10 failures within 3 days, next probe at 14:05:10 UTC',
    ],
    [
      { nextProbeAt: after(12 * 3_600_000) },
      'paused after 10 failures within 0.4 s, next probe at 2026-11-29 02:05:00 UTC',
    ],
    [{ waitsUntil: after(3_600_000) }, 'paused after 10 failures within 0.4 s, next probe at 15:05:00 UTC'],
    [{ waitsUntil: after(1) }, 'paused after 10 failures within 0.4 s, next probe at 14:05:10 UTC'],
    [{ nextProbeAt: null }, 'paused after 10 failures within 0.4 s; resume it when its endpoint is ready'],
    [{ pausedReason: 'manual' }, 'paused manually; resume it when its endpoint is ready'],
    [
      { pausedReason: 'gone' },
      'paused because its endpoint responded with 410 Gone; resume it when the endpoint is back',
    ],
    [
      { pausedReason: 'rate' },
      'paused because too many of its deliveries failed; resume it when its endpoint is ready',
    ],
  ] satisfies [Partial<Pause>, string][])('%j: %s', (part, words) => {
    expect(describePause({ ...PAUSE, ...part }, NOW)).toBe(words);
  });
});
