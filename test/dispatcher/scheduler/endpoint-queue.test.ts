import type { LeasingId } from '../../../src/dispatcher/scheduler/delivery-states.js';
import { EndpointQueue } from '../../../src/dispatcher/scheduler/endpoint-queue.js';
import type { RateSlots } from '../../../src/dispatcher/scheduler/rate-slots.js';

const RULES = { pauseAfter: 10 as number | null, ratePerSecond: null as number | null };
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `d${n + from}`);

/** A queue that has learned its endpoint's rules, with deliveries waiting. */
function endpointQueue(
  { failures = 0, ...rules }: Partial<typeof RULES & { failures: number }> = {},
  waiting = 100,
): EndpointQueue {
  const made = new EndpointQueue('s');
  made.updateRules(failures, { ...RULES, ...rules });
  made.add(ids(waiting));
  return made;
}

/** Lets `count` requests start and succeed, one after the other. */
function succeed(made: EndpointQueue, count: number): void {
  for (let n = 0; n < count; n += 1) {
    for (const id of made.dequeue(1, 0)) made.release(id);
    made.recordSuccess(true, 1);
  }
}

describe('an endpoint queue', () => {
  it('lets one request go to an endpoint it knows nothing about', () => {
    const made = new EndpointQueue('s');
    made.add(ids(10));
    expect(made.capacity(0)).toBe(1);
  });

  it('starts with eight requests at once, fewer than would pause the endpoint', () => {
    expect(endpointQueue().capacity(0)).toBe(8);
    expect(endpointQueue({ pauseAfter: null }).capacity(0)).toBe(8);
    expect(endpointQueue({ pauseAfter: 3 }).capacity(0)).toBe(3);
  });

  it('lets nothing go while it is suspended, and a few at first when it resumes', () => {
    const made = endpointQueue();
    succeed(made, 20);
    expect([made.capacity(0), made.pressure]).toEqual([28, 80]);
    made.suspend();
    expect([made.capacity(0), made.pressure]).toEqual([0, 0]);
    made.resume();
    expect([made.capacity(0), made.pressure]).toEqual([8, 32]);
  });

  it('is behind when much waits for a quick endpoint, but not with what a resumed backlog has put there', () => {
    const made = endpointQueue({}, 1_000);
    succeed(made, 1);
    expect(made.isBehind(0)).toBe(true);
    made.isReleasing = true;
    expect(made.isBehind(0)).toBe(false);
  });

  it('has room for local leases soon while a quick endpoint has accepted something, however much waits', () => {
    expect(endpointQueue().hasRoomSoon(0)).toBe(false);
    for (const waiting of [100, 1_000, 5_000]) {
      const made = endpointQueue({}, waiting);
      succeed(made, 1);
      expect([made.localCapacity, made.hasRoomSoon(0)]).toEqual([0, true]);
    }
  });

  it('has none soon for an endpoint that is slow and full, has failed, or has a rate', () => {
    const slow = endpointQueue({}, 1_000);
    succeed(slow, 1);
    slow.recordSuccess(true, 5_000);
    slow.dequeue(slow.capacity(0), 0);
    const failed = endpointQueue();
    succeed(failed, 1);
    failed.recordFailure(1, false);
    const rated = endpointQueue({ ratePerSecond: 5 });
    succeed(rated, 1);
    for (const one of [slow, failed, rated]) expect(one.hasRoomSoon(0)).toBe(false);
  });

  it('gives its ids oldest first and counts them until they are released', () => {
    const made = endpointQueue();
    const out = made.dequeue(3, 0);
    expect(out).toEqual(['d0', 'd1', 'd2']);
    expect(made.depth).toBe(97);
    expect(made.capacity(0)).toBe(5);
    made.release(out[1] as LeasingId);
    expect(made.capacity(0)).toBe(6);
  });

  it('takes an id once, be it waiting or in flight, and again after its release', () => {
    const made = endpointQueue({}, 2);
    made.add(ids(2));
    expect(made.depth).toBe(2);
    const [first] = made.dequeue(1, 0);
    made.add(['d0']);
    expect(made.depth).toBe(1);
    made.finish(made.begin(first as LeasingId, 0, RULES));
    made.add(['d0']);
    expect(made.depth).toBe(2);
  });

  it('grows by one with every success, up to 128, and for a slow endpoint up to 256', () => {
    const made = endpointQueue();
    succeed(made, 1);
    expect(made.capacity(0)).toBe(9);
    succeed(made, 500);
    expect(made.capacity(0)).toBe(128);
    made.recordSuccess(true, 150);
    expect(made.capacity(0)).toBe(195);
    made.recordSuccess(true, 1_000);
    expect(made.capacity(0)).toBe(256);
  });

  it('halves when the endpoint is overloaded, down to one, and grows again from there', () => {
    const made = endpointQueue({ pauseAfter: null });
    const rooms = [1, 2, 3, 4].map((failures) => {
      made.recordFailure(failures, true);
      return made.capacity(0);
    });
    expect(rooms).toEqual([4, 2, 1, 1]);
    succeed(made, 2);
    expect(made.capacity(0)).toBe(3);
  });

  it('grows anew after two seconds without a request', () => {
    const made = endpointQueue();
    succeed(made, 60);
    expect(made.capacity(2_000)).toBe(68);
    expect(made.capacity(2_002)).toBe(8);
  });

  it('keeps its concurrency limit while a request is in flight, however long', () => {
    const made = endpointQueue();
    succeed(made, 60);
    made.dequeue(1, 0);
    expect(made.capacity(20_000)).toBe(67);
  });

  it('has room again, where many wait, when a quarter of its requests are over', () => {
    const made = endpointQueue({ pauseAfter: null });
    const out = made.dequeue(8, 0);
    made.release(out[0] as LeasingId);
    expect(made.capacity(0)).toBe(0);
    made.release(out[1] as LeasingId);
    expect(made.capacity(0)).toBe(2);
  });

  it('has room for each at once where few wait', () => {
    const made = endpointQueue({ pauseAfter: null }, 40);
    const out = made.dequeue(8, 0);
    made.release(out[0] as LeasingId);
    expect(made.capacity(0)).toBe(1);
  });

  it('keeps its concurrency limit when a failure is no overload', () => {
    const made = endpointQueue({ pauseAfter: null });
    made.recordFailure(1, false);
    expect(made.capacity(0)).toBe(8);
  });

  it('never has more requests out than may still fail before the pause', () => {
    const made = endpointQueue();
    succeed(made, 40);
    expect(made.capacity(0)).toBe(48);
    expect([1, 7, 9, 10].map((failures) => (made.recordFailure(failures, false), made.capacity(0)))).toEqual([
      9, 3, 1, 1,
    ]);
    succeed(made, 1);
    expect(made.capacity(0)).toBe(49);
  });

  it('believes the higher count when a lease knows less than the last failure', () => {
    const made = endpointQueue();
    made.recordFailure(9, false);
    made.updateRules(4, RULES);
    expect(made.capacity(0)).toBe(1);
    const fresh = endpointQueue({ failures: 7 });
    expect(fresh.capacity(0)).toBe(3);
  });

  it('forgets what waits when its subscription is paused, and starts again with one request', () => {
    const made = endpointQueue();
    succeed(made, 40);
    const out = made.dequeue(2, 0);
    made.isReleasing = true;
    made.resetAfterPause();
    expect(made.isReleasing).toBe(false);
    made.recordFailure(10, false);
    for (const id of out) made.release(id);
    expect([made.depth, made.capacity(0)]).toEqual([0, 1]);
    made.add(ids(100));
    expect(made.depth).toBe(100);
    made.updateRules(0, RULES);
    expect(made.capacity(0)).toBe(1);
    succeed(made, 1);
    expect(made.capacity(0)).toBe(2);
  });

  it('remembers 2,000 ids, and that there were more', () => {
    const made = endpointQueue({}, 2_000);
    expect([made.depth, made.overflowed]).toEqual([2_000, false]);
    made.add(ids(10));
    expect([made.depth, made.overflowed]).toEqual([2_000, false]);
    made.add(ids(10, 2_000));
    expect([made.depth, made.overflowed]).toEqual([2_000, true]);
  });

  it('gives back what waits, but not what is in flight, when it is cleared', () => {
    const made = endpointQueue({}, 4);
    made.dequeue(1, 0);
    expect(made.clear()).toEqual(['d1', 'd2', 'd3']);
    made.add(ids(4));
    expect(made.depth).toBe(3);
  });
});

describe('an endpoint queue marked as sendable', () => {
  const sendable = { id: 's', version: 1, failures: 0 };

  it('counts on it for a moment, once its endpoint has answered well', () => {
    const made = endpointQueue();
    made.markSendable(sendable, 100);
    expect(made.sendableSince(90)).toBeNull();
    made.recordSuccess(true, 1);
    expect(made.sendableSince(90)).toBe(sendable);
    expect(made.sendableSince(101)).toBeNull();
  });

  it('counts on nothing seen before a failure, which may have paused the endpoint', () => {
    const made = endpointQueue();
    made.recordSuccess(true, 1);
    made.markSendable(sendable, 100);
    made.recordFailure(1, false);
    expect(made.sendableSince(90)).toBeNull();
    made.recordSuccess(true, 1);
    expect(made.sendableSince(90)).toBeNull();
  });
});

describe('an endpoint queue with a rate limit', () => {
  /** Such a queue with its slots. */
  function rated(
    perSecond: number,
    rules: Partial<typeof RULES> = {},
  ): { made: EndpointQueue; rate: RateSlots } {
    let rate: RateSlots | null = null;
    const made = new EndpointQueue('s', undefined, (_queue, learned) => (rate = learned));
    made.updateRules(0, { ...RULES, ...rules, ratePerSecond: perSecond });
    made.add(ids(100));
    return { made, rate: rate as unknown as RateSlots };
  }

  it('starts nothing without a slot, and one request with each at its time', () => {
    const { made, rate } = rated(4);
    expect([made.capacity(1_000), made.nextSlotAt(1_000)]).toEqual([0, null]);
    rate.grant(1_000, 2);
    expect([made.capacity(999), made.capacity(1_000), made.dequeue(1, 1_000)]).toEqual([0, 1, ['d0']]);
    expect([made.capacity(1_000), made.capacity(1_249), made.capacity(1_250)]).toEqual([0, 0, 1]);
    expect(made.nextSlotAt(1_100)).toBe(1_250);
  });

  it('knows what was taken before it had learned of the limit', () => {
    const made = new EndpointQueue('s');
    expect([made.knowsRate({ ratePerSecond: null }), made.knowsRate({ ratePerSecond: 1 })]).toEqual([
      true,
      false,
    ]);
    made.updateRules(0, { ...RULES, ratePerSecond: 1 });
    expect([made.knowsRate({ ratePerSecond: 1 }), made.knowsRate({ ratePerSecond: 2 })]).toEqual([
      true,
      false,
    ]);
  });

  it('opens by time alone only while another request may be out', () => {
    const { made, rate } = rated(1, { pauseAfter: 1 });
    rate.grant(0, 2);
    const [first] = made.dequeue(1, 0);
    expect(made.nextSlotAt(0)).toBeNull();
    made.release(first as LeasingId);
    expect(made.nextSlotAt(0)).toBe(1_000);
    expect(endpointQueue().nextSlotAt(0)).toBeNull();
  });
});
