import { Lane } from '../../src/dispatcher/lane.js';
import type { RateSlots } from '../../src/dispatcher/rate-slots.js';

const RULES = { pauseAfter: 10 as number | null, ratePerSecond: null as number | null };
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `d${n + from}`);

/** A lane that has learned its endpoint's rules, with deliveries waiting. */
function lane(
  { failures = 0, ...rules }: Partial<typeof RULES & { failures: number }> = {},
  waiting = 100,
): Lane {
  const made = new Lane('s');
  made.learn(failures, { ...RULES, ...rules });
  made.offer(ids(waiting));
  return made;
}

/** Lets `count` requests start and succeed, one after the other. */
function succeed(made: Lane, count: number): void {
  for (let n = 0; n < count; n += 1) {
    for (const id of made.take(1, 0)) made.release(id);
    made.succeeded(true, 1);
  }
}

describe('a lane', () => {
  it('lets one request go to an endpoint it knows nothing about', () => {
    const made = new Lane('s');
    made.offer(ids(10));
    expect(made.room(0)).toBe(1);
  });

  it('starts with eight requests at once, fewer than would pause the endpoint', () => {
    expect(lane().room(0)).toBe(8);
    expect(lane({ pauseAfter: null }).room(0)).toBe(8);
    expect(lane({ pauseAfter: 3 }).room(0)).toBe(3);
  });

  it('gives its ids oldest first and counts them until they are released', () => {
    const made = lane();
    expect(made.take(3, 0)).toEqual(['d0', 'd1', 'd2']);
    expect(made.depth).toBe(97);
    expect(made.room(0)).toBe(5);
    made.release('d1');
    expect(made.room(0)).toBe(6);
  });

  it('takes an id once, be it waiting or in flight, and again after its release', () => {
    const made = lane({}, 2);
    made.offer(ids(2));
    expect(made.depth).toBe(2);
    made.take(1, 0);
    made.offer(['d0']);
    expect(made.depth).toBe(1);
    made.release('d0');
    made.offer(['d0']);
    expect(made.depth).toBe(2);
  });

  it('grows by one with every success, up to 128, and for a slow endpoint up to 256', () => {
    const made = lane();
    succeed(made, 1);
    expect(made.room(0)).toBe(9);
    succeed(made, 500);
    expect(made.room(0)).toBe(128);
    made.succeeded(true, 150);
    expect(made.room(0)).toBe(195);
    made.succeeded(true, 1_000);
    expect(made.room(0)).toBe(256);
  });

  it('halves when the endpoint is overloaded, down to one, and grows again from there', () => {
    const made = lane({ pauseAfter: null });
    const rooms = [1, 2, 3, 4].map((failures) => {
      made.failed(failures, true);
      return made.room(0);
    });
    expect(rooms).toEqual([4, 2, 1, 1]);
    succeed(made, 2);
    expect(made.room(0)).toBe(3);
  });

  it('grows anew after two seconds without a request', () => {
    const made = lane();
    succeed(made, 60);
    expect(made.room(2_000)).toBe(68);
    expect(made.room(2_002)).toBe(8);
  });

  it('keeps its cap while a request is out, however long', () => {
    const made = lane();
    succeed(made, 60);
    made.take(1, 0);
    expect(made.room(20_000)).toBe(67);
  });

  it('has room again, where many wait, when a quarter of its requests are over', () => {
    const made = lane({ pauseAfter: null });
    const out = made.take(8, 0);
    made.release(out[0] as string);
    expect(made.room(0)).toBe(0);
    made.release(out[1] as string);
    expect(made.room(0)).toBe(2);
  });

  it('has room for each at once where few wait', () => {
    const made = lane({ pauseAfter: null }, 40);
    const out = made.take(8, 0);
    made.release(out[0] as string);
    expect(made.room(0)).toBe(1);
  });

  it('keeps its cap when a failure is no overload', () => {
    const made = lane({ pauseAfter: null });
    made.failed(1, false);
    expect(made.room(0)).toBe(8);
  });

  it('never has more requests out than may still fail before the pause', () => {
    const made = lane();
    succeed(made, 40);
    expect(made.room(0)).toBe(48);
    expect([1, 7, 9, 10].map((failures) => (made.failed(failures, false), made.room(0)))).toEqual([
      9, 3, 1, 1,
    ]);
    succeed(made, 1);
    expect(made.room(0)).toBe(49);
  });

  it('believes the higher count when a claim knows less than the last failure', () => {
    const made = lane();
    made.failed(9, false);
    made.learn(4, RULES);
    expect(made.room(0)).toBe(1);
    const fresh = lane({ failures: 7 });
    expect(fresh.room(0)).toBe(3);
  });

  it('forgets what waits when its subscription is paused, and starts again with one request', () => {
    const made = lane();
    succeed(made, 40);
    const out = made.take(2, 0);
    made.cool();
    made.failed(10, false);
    for (const id of out) made.release(id);
    expect([made.depth, made.room(0)]).toEqual([0, 1]);
    made.offer(ids(100));
    expect(made.depth).toBe(100);
    made.learn(0, RULES);
    expect(made.room(0)).toBe(1);
    succeed(made, 1);
    expect(made.room(0)).toBe(2);
  });

  it('remembers 2,000 ids, and that there were more', () => {
    const made = lane({}, 2_000);
    expect([made.depth, made.overflowed]).toEqual([2_000, false]);
    made.offer(ids(10));
    expect([made.depth, made.overflowed]).toEqual([2_000, false]);
    made.offer(ids(10, 2_000));
    expect([made.depth, made.overflowed]).toEqual([2_000, true]);
  });

  it('gives back what waits, but not what is in flight, when it is cleared', () => {
    const made = lane({}, 4);
    made.take(1, 0);
    expect(made.clear()).toEqual(['d1', 'd2', 'd3']);
    made.offer(ids(4));
    expect(made.depth).toBe(3);
  });
});

describe('a lane whose gate was seen open', () => {
  const gate = { id: 's', version: 1, failures: 0 };

  it('counts on it for a moment, once its endpoint has answered well', () => {
    const made = lane();
    made.sawOpen(gate, 100);
    expect(made.openSince(90)).toBeNull();
    made.succeeded(true, 1);
    expect(made.openSince(90)).toBe(gate);
    expect(made.openSince(101)).toBeNull();
  });

  it('counts on nothing seen before a failure, which may have paused the endpoint', () => {
    const made = lane();
    made.succeeded(true, 1);
    made.sawOpen(gate, 100);
    made.failed(1, false);
    expect(made.openSince(90)).toBeNull();
    made.succeeded(true, 1);
    expect(made.openSince(90)).toBeNull();
  });
});

describe('a lane with a rate limit', () => {
  /** Such a lane with its slots. */
  function rated(perSecond: number, rules: Partial<typeof RULES> = {}): { made: Lane; rate: RateSlots } {
    let rate: RateSlots | null = null;
    const made = new Lane('s', undefined, (_lane, learned) => (rate = learned));
    made.learn(0, { ...RULES, ...rules, ratePerSecond: perSecond });
    made.offer(ids(100));
    return { made, rate: rate as unknown as RateSlots };
  }

  it('starts nothing without a slot, and one request with each at its time', () => {
    const { made, rate } = rated(4);
    expect([made.room(1_000), made.opensAt(1_000)]).toEqual([0, null]);
    rate.given(1_000, 2);
    expect([made.room(999), made.room(1_000), made.take(1, 1_000)]).toEqual([0, 1, ['d0']]);
    expect([made.room(1_000), made.room(1_249), made.room(1_250)]).toEqual([0, 0, 1]);
    expect(made.opensAt(1_100)).toBe(1_250);
  });

  it('knows what was taken before it had learned of the limit', () => {
    const made = new Lane('s');
    expect([made.knowsRate({ ratePerSecond: null }), made.knowsRate({ ratePerSecond: 1 })]).toEqual([
      true,
      false,
    ]);
    made.learn(0, { ...RULES, ratePerSecond: 1 });
    expect([made.knowsRate({ ratePerSecond: 1 }), made.knowsRate({ ratePerSecond: 2 })]).toEqual([
      true,
      false,
    ]);
  });

  it('opens by time alone only while another request may be out', () => {
    const { made, rate } = rated(1, { pauseAfter: 1 });
    rate.given(0, 2);
    made.take(1, 0);
    expect(made.opensAt(0)).toBeNull();
    made.release('d0');
    expect(made.opensAt(0)).toBe(1_000);
    expect(lane().opensAt(0)).toBeNull();
  });
});
