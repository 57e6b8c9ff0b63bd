import { KeepLimits } from '../../src/outbound/keep-limits.js';

const KEY = 'space https://example.com';

describe('for how long connections to an endpoint are kept', () => {
  let limits: KeepLimits;
  beforeEach(() => (limits = new KeepLimits()));
  const end = (openedAt: number, idleMs: number, now: number) =>
    limits.noteEnd(KEY, { openedAt, idleMs }, now);

  it('is what the endpoint says, also after a restart ended all of them at once', () => {
    expect(limits.limit(KEY, 4_000)).toBe(4_000);
    for (let n = 0; n < 50; n += 1) end(1_000 + n, 2, 2_000 + n);
    expect(limits.limit(KEY, 4_000)).toBe(4_000);
  });

  it('is half of the idle time after which two in a row had ended, for that endpoint only', () => {
    end(1_000, 1_100, 2_100);
    end(2_200, 1_040, 3_300);
    expect(limits.limit(KEY, 4_000)).toBe(520);
    expect(limits.limit(KEY, 300)).toBe(300);
    expect(limits.limit('another', 4_000)).toBe(4_000);
  });

  it('is nothing where they end with the response', () => {
    end(1_000, 3, 1_100);
    end(1_200, 900, 2_200);
    expect(limits.limit(KEY, 4_000)).toBe(0);
  });

  it('forgets an end when another connection carries a second request, but not two', () => {
    end(1_000, 1, 1_100);
    limits.noteReuse(KEY);
    end(1_200, 1, 1_300);
    expect(limits.limit(KEY, 4_000)).toBe(4_000);
    end(1_400, 1, 1_500);
    limits.noteReuse(KEY);
    expect(limits.limit(KEY, 4_000)).toBe(0);
  });
});
