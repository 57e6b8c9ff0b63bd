import { ProxyReach } from '../../src/outbound/proxy-reach.js';

const MINUTE = 60_000;

describe('the way out of an egress proxy', () => {
  it('is in doubt from the first failure until something is reached, and no longer than five minutes', () => {
    const reach = new ProxyReach();
    expect(reach.isInDoubt(0)).toBe(false);
    reach.notReached('a', 1_000);
    reach.notReached('b', 4 * MINUTE);
    expect(reach.isInDoubt(1_000 + 5 * MINUTE - 1)).toBe(true);
    expect(reach.isInDoubt(1_000 + 5 * MINUTE)).toBe(false);
  });

  it('is none when three hosts were not reached, however often', () => {
    const reach = new ProxyReach();
    for (const host of ['a', 'b', 'a', 'b', 'b']) reach.notReached(host, 0);
    expect(reach.isNone(0)).toBe(false);
    reach.notReached('c', 0);
    expect(reach.isNone(0)).toBe(true);
    expect([reach.isNone(1), reach.isNoLongerBlamed(1)]).toEqual([true, false]);
    expect([reach.isNone(5 * MINUTE), reach.isNoLongerBlamed(5 * MINUTE)]).toEqual([false, true]);
  });

  it.each([
    ['before', (reach: ProxyReach) => reach.reached()],
    ['after', () => undefined],
  ])('is there when something was reached %s three others were not', (_, first) => {
    const reach = new ProxyReach();
    first(reach);
    for (const host of ['a', 'b', 'c']) reach.notReached(host, 0);
    reach.reached();
    for (const host of ['d', 'e', 'f']) reach.notReached(host, 0);
    expect([reach.isNone(0), reach.isInDoubt(0)]).toEqual([false, false]);
    expect(reach.isNoLongerBlamed(5 * MINUTE)).toBe(false);
  });
});
