import type { EndpointQueue } from '../../../src/dispatcher/scheduler/endpoint-queue.js';
import {
  EndpointQueues,
  type Admission,
  type Departures,
} from '../../../src/dispatcher/scheduler/endpoint-queues.js';

const PLAIN = { pauseAfter: null, ratePerSecond: null };
const EVERYTHING: Admission = { unknown: true, idle: 32, flood: 'all' };
const NOTHING: Departures = { single: [], idle: [], flood: [], unknown: [] };
const NO_UNKNOWN: Admission = { unknown: false, idle: 32, flood: 'all' };

/** Queues in which one endpoint has a first request out and more waiting. */
function queuesWithOneOut(waiting: string[]) {
  const queues = new EndpointQueues();
  queues.add('endpoint', ['first']);
  const [taken] = queues.dequeue(1, 0, EVERYTHING).unknown;
  if (!taken) throw new Error('Nothing may leave.');
  const { queue } = taken;
  queue.updateRules(0, PLAIN);
  queues.add('endpoint', waiting);
  return { queues, queue, first: taken.id };
}

describe('an endpoint that proves itself', () => {
  it('is not kept waiting with the crowd any longer', () => {
    const { queues, queue, first } = queuesWithOneOut(['second', 'third']);
    expect(queues.dequeue(10, 1, NO_UNKNOWN)).toEqual(NOTHING);

    queue.recordSuccess(true, 5);
    queue.release(first);

    expect(queues.dequeue(10, 2, NO_UNKNOWN).single.map(({ id }) => id)).toEqual(['second', 'third']);
  });

  it('sends what waited before what came later', () => {
    const { queues, queue, first } = queuesWithOneOut(['second']);
    queue.recordSuccess(true, 5);
    queue.release(first);
    queues.add('endpoint', ['third']);

    const { single, unknown } = queues.dequeue(10, 2, EVERYTHING);

    expect(unknown).toEqual([]);
    expect(single.map(({ id }) => id)).toEqual(['second', 'third']);
  });
});

describe('an endpoint of unknown health', () => {
  it('waits while nothing may be risked, and then leaves one at a time', () => {
    const { queues, queue, first } = queuesWithOneOut(['second', 'third']);
    queue.release(first);

    expect(queues.dequeue(10, 1, NO_UNKNOWN).unknown).toEqual([]);
    expect(queues.dequeue(1, 1, EVERYTHING).unknown.map(({ id }) => id)).toEqual(['second']);
  });
});

describe('a crowd of endpoints of unknown health', () => {
  function crowd(size: number) {
    const queues = new EndpointQueues();
    for (let n = 0; n < size; n += 1) queues.add(`endpoint ${n}`, [`delivery ${n}`]);
    const ask = () => queues.dequeue(128, 0, EVERYTHING).unknown;
    return { queues, ask };
  }

  it('is asked in larger groups while all of it is well', () => {
    const { ask } = crowd(1_000);
    const sizes: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const group = ask();
      sizes.push(group.length);
      for (const { queue } of group) queue.recordSuccess(true, 5);
    }
    expect(sizes).toEqual([8, 16, 32, 64, 64, 64]);
  });

  it.each([
    ['fail', (queue: EndpointQueue) => queue.recordFailure(1, false)],
    ['answer at length', (queue: EndpointQueue) => queue.recordSuccess(false, 5)],
  ])('is asked in small ones again once two of it %s', (_, bad) => {
    const { ask } = crowd(200);
    for (let round = 0; round < 2; round += 1) for (const { queue } of ask()) queue.recordSuccess(true, 5);
    const [first, second] = ask();
    if (first) bad(first.queue);
    if (second) bad(second.queue);
    expect(ask()).toHaveLength(8);
  });

  it('begins with a small one when the crowd before is through', () => {
    const { queues, ask } = crowd(24);
    for (let round = 0; round < 2; round += 1) for (const { queue } of ask()) queue.recordSuccess(true, 5);
    expect(ask()).toEqual([]);
    for (let n = 0; n < 20; n += 1) queues.add(`another ${n}`, [`delivery ${n}`]);
    expect(ask()).toHaveLength(8);
  });
});

describe('healthy endpoints that have been quiet', () => {
  /** Each has had a good answer, and at `now` one delivery waits for it. */
  function quiet(count: number) {
    const queues = new EndpointQueues();
    for (let n = 0; n < count; n += 1) {
      queues.add(`endpoint ${n}`, ['first']);
      for (const { id, queue } of queues.dequeue(1, 0, EVERYTHING).unknown) {
        queue.updateRules(0, PLAIN);
        queue.recordSuccess(true, 5);
        queue.release(id);
      }
    }
    for (let n = 0; n < count; n += 1) queues.add(`endpoint ${n}`, ['again']);
    return queues;
  }

  it('are no matter while their connections are open', () => {
    const { single, idle } = quiet(100).dequeue(128, 1_000, EVERYTHING);
    expect([single.length, idle.length]).toEqual([100, 0]);
  });

  it('leave as many at once as connections may be opened, and keep no other waiting', () => {
    const queues = quiet(100);
    const first = queues.dequeue(128, 5_000, EVERYTHING);
    expect([first.single.length, first.idle.length]).toEqual([0, 32]);
    queues.add('endpoint 0', ['soon after']);
    const second = queues.dequeue(128, 5_001, { ...EVERYTHING, idle: 0 });
    expect([second.single.length, second.idle.length]).toEqual([1, 0]);
    expect(queues.dequeue(128, 5_002, { ...EVERYTHING, idle: 5 }).idle).toHaveLength(5);
  });

  it('leave in larger groups the more of them there are', () => {
    expect(quiet(8_000).dequeue(128, 5_000, EVERYTHING).idle).toHaveLength(63);
  });

  it('are given back with the rest when the worker stops', () => {
    const queues = quiet(100);
    queues.dequeue(128, 5_000, EVERYTHING);
    expect(queues.clear()).toHaveLength(68);
  });
});

describe('a flood', () => {
  const GROUP: Admission = { unknown: true, idle: 32, flood: 'a group' };
  const NO_FLOOD: Admission = { unknown: true, idle: 32, flood: 'none' };

  /** Healthy endpoints whose responses have raised their limits; this many wait at each. */
  function waitingAt(depths: Record<string, number>) {
    const queues = new EndpointQueues();
    for (const [name, depth] of Object.entries(depths)) {
      queues.add(name, ['first']);
      for (const { id, queue } of queues.dequeue(1, 0, EVERYTHING).unknown) {
        queue.updateRules(0, PLAIN);
        for (let n = 0; n < 64; n += 1) queue.recordSuccess(true, 5);
        queue.release(id);
      }
      queues.add(
        name,
        Array.from({ length: depth }, (_, n) => `${name} ${n}`),
      );
    }
    return queues;
  }

  it('leaves in groups, after the single ones, or waits', () => {
    const queues = waitingAt({ flood: 100, neighbour: 2 });

    const first = queues.dequeue(128, 1, GROUP);
    expect(first.single.map(({ id }) => id)).toEqual(['neighbour 0', 'neighbour 1']);
    expect(first.flood).toHaveLength(32);
    expect(queues.dequeue(128, 2, NO_FLOOD)).toEqual(NOTHING);
    expect(queues.dequeue(128, 3, GROUP).flood[0]?.id).toBe('flood 32');
  });

  it('leaves at once when nobody feels it', () => {
    expect(waitingAt({ flood: 60 }).dequeue(128, 1, EVERYTHING).flood).toHaveLength(60);
  });

  it('of many endpoints shares what is enough for all: a dozen of them get no dozen times as much at once', () => {
    const depths = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`endpoint ${n}`, 1_000]));
    const queues = waitingAt(depths);
    const underWay = new Map<string, number>();
    for (let turn = 0; turn < 50; turn += 1)
      for (const { queue } of queues.dequeue(128, 1, GROUP).flood)
        underWay.set(queue.subscriptionId, (underWay.get(queue.subscriptionId) ?? 0) + 1);
    expect([...underWay.values()]).toEqual(Array<number>(16).fill(8));
    // More for each when nobody else would feel it.
    let most = 0;
    for (let turn = 0; turn < 50; turn += 1)
      for (const { queue } of queues.dequeue(128, 1, EVERYTHING).flood) most = Math.max(most, queue.inFlight);
    expect(most).toBe(64);
  });

  it('is a flood to its last delivery, and not for ever', () => {
    const queues = waitingAt({ flood: 40 });
    expect(queues.dequeue(128, 1, GROUP).flood).toHaveLength(32);
    expect(queues.dequeue(128, 2, NO_FLOOD).single).toHaveLength(0);
    expect(queues.dequeue(128, 3, GROUP).flood).toHaveLength(8);

    queues.add('flood', ['soon after']);
    expect(queues.dequeue(128, 1_000, GROUP).flood).toHaveLength(1);
    queues.add('flood', ['later']);
    expect(queues.dequeue(128, 1_002, GROUP).single).toHaveLength(1);
  });

  it('leaves in larger groups the more of it there is', () => {
    const depths = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`endpoint ${n}`, 100]));
    expect(waitingAt(depths).dequeue(128, 1, GROUP).flood).toHaveLength(125);
  });

  it('gets on however many single ones there are', () => {
    const depths = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`endpoint ${n}`, 10]));
    const { single, flood } = waitingAt({ ...depths, flood: 100 }).dequeue(128, 1, GROUP);
    expect([single.length, flood.length]).toEqual([96, 32]);
  });
});

/** Healthy endpoints of one space, and one of another: each has had a good response, and something waits for it. */
function crowdBesideOne(size: number) {
  const queues = new EndpointQueues();
  const publish = (name: string, spaceId: string) =>
    queues.addNew({ subscriptionId: name, id: `${name} ${spaceId}`, spaceId });
  const names = Array.from({ length: size }, (_, n) => `endpoint ${n}`);
  const owners: [string, string][] = [
    ...names.map((name): [string, string] => [name, 'wide']),
    ['one', 'other'],
  ];
  for (const [name, spaceId] of owners) {
    publish(name, spaceId);
    for (const { id, queue } of queues.dequeue(1, 0, EVERYTHING).unknown) {
      queue.updateRules(0, PLAIN);
      queue.recordSuccess(true, 5);
      queue.release(id);
    }
  }
  for (const [name, spaceId] of owners) publish(name, spaceId);
  return queues;
}

describe('many endpoints of one space', () => {
  const GROUP: Admission = { unknown: true, idle: 32, flood: 'a group' };

  it('leave like a flood, in a group, and one of another space leaves before them', () => {
    const { single, flood } = crowdBesideOne(1_000).dequeue(128, 1, GROUP);
    expect(single.map(({ queue }) => queue.subscriptionId)).toEqual(['one']);
    expect(flood).toHaveLength(32);
  });

  it('wait while no flood may leave, and leave as a whole where nobody else would notice', () => {
    const queues = crowdBesideOne(1_000);
    const none = queues.dequeue(128, 1, { ...GROUP, flood: 'none' });
    expect([none.single.length, none.flood.length]).toEqual([1, 0]);
    expect(queues.dequeue(128, 1, EVERYTHING).flood).toHaveLength(128);
  });

  it('are no crowd while they are few', () => {
    const { single, flood } = crowdBesideOne(60).dequeue(128, 1, GROUP);
    expect([single.length, flood.length]).toEqual([61, 0]);
  });

  it('of which nobody knows how they are, keep one of another space waiting for no more than a turn', () => {
    const queues = new EndpointQueues();
    for (let n = 0; n < 1_000; n += 1)
      queues.addNew({ subscriptionId: `endpoint ${n}`, id: `delivery ${n}`, spaceId: 'wide' });
    queues.addNew({ subscriptionId: 'one', id: 'delivery', spaceId: 'other' });
    const { unknown } = queues.dequeue(128, 0, EVERYTHING);
    expect(unknown.map(({ queue }) => queue.subscriptionId)).toContain('one');
  });

  it('whose connections are closed leave in groups, too, and wait for connections where nobody else would notice', () => {
    const grouped = crowdBesideOne(1_000).dequeue(128, 10_000, GROUP);
    expect([grouped.idle.length, grouped.flood.length]).toEqual([1, 32]);
    const alone = crowdBesideOne(1_000).dequeue(128, 10_000, EVERYTHING);
    expect([alone.idle.length, alone.flood.length]).toEqual([32, 0]);
  });
});

it('endpoints beyond those whose queues are kept are added as fast as the first ones', () => {
  const queues = new EndpointQueues();
  const add = (from: number) => {
    const startedAt = performance.now();
    for (let n = from; n < from + 20_000; n += 1) queues.add(`endpoint ${n}`, [`${n}`]);
    return performance.now() - startedAt;
  };
  const first = add(0);
  // Looking through all queues for each further endpoint would take a thousand times as long.
  expect(add(20_000)).toBeLessThan(1_000 + 20 * first);
  expect(queues.depth).toBe(40_000);
});
