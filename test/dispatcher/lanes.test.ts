import type { Lane } from '../../src/dispatcher/lane.js';
import { Lanes, type Allowed, type Departures } from '../../src/dispatcher/lanes.js';

const PLAIN = { pauseAfter: null, ratePerSecond: null };
const EVERYTHING: Allowed = { risky: true, cold: 32, flood: 'all' };
const NOTHING: Departures = { lone: [], cold: [], flood: [], risky: [] };
const NO_RISKS: Allowed = { risky: false, cold: 32, flood: 'all' };

/** Lanes in which one endpoint has a first request out and more waiting. */
function begun(waiting: string[]) {
  const lanes = new Lanes();
  lanes.offer('endpoint', ['first']);
  const [taken] = lanes.take(1, 0, EVERYTHING).risky;
  if (!taken) throw new Error('Nothing may leave.');
  const { lane } = taken;
  lane.learn(0, PLAIN);
  lanes.offer('endpoint', waiting);
  return { lanes, lane };
}

describe('an endpoint that proves itself', () => {
  it('is not kept waiting with the crowd any longer', () => {
    const { lanes, lane } = begun(['second', 'third']);
    expect(lanes.take(10, 1, NO_RISKS)).toEqual(NOTHING);

    lane.succeeded(true, 5);
    lane.release('first');

    expect(lanes.take(10, 2, NO_RISKS).lone.map(({ id }) => id)).toEqual(['second', 'third']);
  });

  it('sends what waited before what came later', () => {
    const { lanes, lane } = begun(['second']);
    lane.succeeded(true, 5);
    lane.release('first');
    lanes.offer('endpoint', ['third']);

    const { lone, risky } = lanes.take(10, 2, EVERYTHING);

    expect(risky).toEqual([]);
    expect(lone.map(({ id }) => id)).toEqual(['second', 'third']);
  });
});

describe('an endpoint that has not proven itself', () => {
  it('waits while nothing may be risked, and then leaves one at a time', () => {
    const { lanes, lane } = begun(['second', 'third']);
    lane.release('first');

    expect(lanes.take(10, 1, NO_RISKS).risky).toEqual([]);
    expect(lanes.take(1, 1, EVERYTHING).risky.map(({ id }) => id)).toEqual(['second']);
  });
});

describe('a crowd of endpoints that have not proven themselves', () => {
  function crowd(size: number) {
    const lanes = new Lanes();
    for (let n = 0; n < size; n += 1) lanes.offer(`endpoint ${n}`, [`delivery ${n}`]);
    const ask = () => lanes.take(128, 0, EVERYTHING).risky;
    return { lanes, ask };
  }

  it('is asked in larger groups while all of it is well', () => {
    const { ask } = crowd(1_000);
    const sizes: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const group = ask();
      sizes.push(group.length);
      for (const { lane } of group) lane.succeeded(true, 5);
    }
    expect(sizes).toEqual([8, 16, 32, 64, 64, 64]);
  });

  it.each([
    ['fail', (lane: Lane) => lane.failed(1, false)],
    ['answer at length', (lane: Lane) => lane.succeeded(false, 5)],
  ])('is asked in small ones again once two of it %s', (_, bad) => {
    const { ask } = crowd(200);
    for (let round = 0; round < 2; round += 1) for (const { lane } of ask()) lane.succeeded(true, 5);
    const [first, second] = ask();
    if (first) bad(first.lane);
    if (second) bad(second.lane);
    expect(ask()).toHaveLength(8);
  });

  it('begins with a small one when the crowd before is through', () => {
    const { lanes, ask } = crowd(24);
    for (let round = 0; round < 2; round += 1) for (const { lane } of ask()) lane.succeeded(true, 5);
    expect(ask()).toEqual([]);
    for (let n = 0; n < 20; n += 1) lanes.offer(`another ${n}`, [`delivery ${n}`]);
    expect(ask()).toHaveLength(8);
  });
});

describe('proven endpoints that have been quiet', () => {
  /** Each has had a good answer, and at `now` one delivery waits for it. */
  function quiet(count: number) {
    const lanes = new Lanes();
    for (let n = 0; n < count; n += 1) {
      lanes.offer(`endpoint ${n}`, ['first']);
      const lane = lanes.take(1, 0, EVERYTHING).risky[0]?.lane;
      lane?.learn(0, PLAIN);
      lane?.succeeded(true, 5);
      lane?.release('first');
    }
    for (let n = 0; n < count; n += 1) lanes.offer(`endpoint ${n}`, ['again']);
    return lanes;
  }

  it('are no matter while their connections are open', () => {
    const { lone, cold } = quiet(100).take(128, 1_000, EVERYTHING);
    expect([lone.length, cold.length]).toEqual([100, 0]);
  });

  it('leave as many at once as connections may be opened, and keep no other waiting', () => {
    const lanes = quiet(100);
    const first = lanes.take(128, 5_000, EVERYTHING);
    expect([first.lone.length, first.cold.length]).toEqual([0, 32]);
    lanes.offer('endpoint 0', ['soon after']);
    const second = lanes.take(128, 5_001, { ...EVERYTHING, cold: 0 });
    expect([second.lone.length, second.cold.length]).toEqual([1, 0]);
    expect(lanes.take(128, 5_002, { ...EVERYTHING, cold: 5 }).cold).toHaveLength(5);
  });

  it('leave in larger groups the more of them there are', () => {
    expect(quiet(2_000).take(128, 5_000, EVERYTHING).cold).toHaveLength(63);
  });

  it('are handed back with the rest when the worker stops', () => {
    const lanes = quiet(100);
    lanes.take(128, 5_000, EVERYTHING);
    expect(lanes.clear()).toHaveLength(68);
  });
});

describe('a flood', () => {
  const GROUP: Allowed = { risky: true, cold: 32, flood: 'a group' };
  const NO_FLOOD: Allowed = { risky: true, cold: 32, flood: 'none' };

  /** Proven endpoints whose answers have opened their caps; this many wait at each. */
  function waitingAt(depths: Record<string, number>) {
    const lanes = new Lanes();
    for (const [name, depth] of Object.entries(depths)) {
      lanes.offer(name, ['first']);
      const lane = lanes.take(1, 0, EVERYTHING).risky[0]?.lane;
      lane?.learn(0, PLAIN);
      for (let n = 0; n < 64; n += 1) lane?.succeeded(true, 5);
      lane?.release('first');
      lanes.offer(
        name,
        Array.from({ length: depth }, (_, n) => `${name} ${n}`),
      );
    }
    return lanes;
  }

  it('leaves in groups, after the single ones, or waits', () => {
    const lanes = waitingAt({ flood: 100, neighbour: 2 });

    const first = lanes.take(128, 1, GROUP);
    expect(first.lone.map(({ id }) => id)).toEqual(['neighbour 0', 'neighbour 1']);
    expect(first.flood).toHaveLength(32);
    expect(lanes.take(128, 2, NO_FLOOD)).toEqual(NOTHING);
    expect(lanes.take(128, 3, GROUP).flood[0]?.id).toBe('flood 32');
  });

  it('leaves at once when nobody feels it', () => {
    expect(waitingAt({ flood: 60 }).take(128, 1, EVERYTHING).flood).toHaveLength(60);
  });

  it('of many endpoints shares what is enough for all: a dozen of them get no dozen times as much at once', () => {
    const depths = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`endpoint ${n}`, 1_000]));
    const lanes = waitingAt(depths);
    const underWay = new Map<string, number>();
    for (let turn = 0; turn < 50; turn += 1)
      for (const { lane } of lanes.take(128, 1, GROUP).flood)
        underWay.set(lane.subscriptionId, (underWay.get(lane.subscriptionId) ?? 0) + 1);
    expect([...underWay.values()]).toEqual(Array<number>(16).fill(8));
    // More for each when nobody else would feel it.
    let most = 0;
    for (let turn = 0; turn < 50; turn += 1)
      for (const { lane } of lanes.take(128, 1, EVERYTHING).flood) most = Math.max(most, lane.inFlight);
    expect(most).toBe(64);
  });

  it('is a flood to its last delivery, and not for ever', () => {
    const lanes = waitingAt({ flood: 40 });
    expect(lanes.take(128, 1, GROUP).flood).toHaveLength(32);
    expect(lanes.take(128, 2, NO_FLOOD).lone).toHaveLength(0);
    expect(lanes.take(128, 3, GROUP).flood).toHaveLength(8);

    lanes.offer('flood', ['soon after']);
    expect(lanes.take(128, 1_000, GROUP).flood).toHaveLength(1);
    lanes.offer('flood', ['later']);
    expect(lanes.take(128, 1_002, GROUP).lone).toHaveLength(1);
  });

  it('leaves in larger groups the more of it there is', () => {
    const depths = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`endpoint ${n}`, 100]));
    expect(waitingAt(depths).take(128, 1, GROUP).flood).toHaveLength(125);
  });

  it('gets on however many single ones there are', () => {
    const depths = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`endpoint ${n}`, 10]));
    const { lone, flood } = waitingAt({ ...depths, flood: 100 }).take(128, 1, GROUP);
    expect([lone.length, flood.length]).toEqual([96, 32]);
  });
});
