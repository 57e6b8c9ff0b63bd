import { Lanes } from '../../src/dispatcher/lanes.js';

const PLAIN = { pauseAfter: null, ratePerSecond: null };

/** Lanes in which one endpoint has a first request out and more waiting. */
function begun(waiting: string[]) {
  const lanes = new Lanes();
  lanes.offer('endpoint', ['first']);
  const [taken] = lanes.take(1, 0, true).risky;
  if (!taken) throw new Error('Nothing may leave.');
  const { lane } = taken;
  lane.learn(0, PLAIN);
  lanes.offer('endpoint', waiting);
  return { lanes, lane };
}

describe('an endpoint that proves itself', () => {
  it('is not kept waiting with the crowd any longer', () => {
    const { lanes, lane } = begun(['second', 'third']);
    expect(lanes.take(10, 1, false)).toEqual({ proven: [], risky: [] });

    lane.succeeded(true, 5);
    lane.release('first');

    expect(lanes.take(10, 2, false).proven.map(({ id }) => id)).toEqual(['second', 'third']);
  });

  it('sends what waited before what came later', () => {
    const { lanes, lane } = begun(['second']);
    lane.succeeded(true, 5);
    lane.release('first');
    lanes.offer('endpoint', ['third']);

    const { proven, risky } = lanes.take(10, 2, true);

    expect(risky).toEqual([]);
    expect(proven.map(({ id }) => id)).toEqual(['second', 'third']);
  });
});

describe('an endpoint that has not proven itself', () => {
  it('waits while nothing may be risked, and then leaves one at a time', () => {
    const { lanes, lane } = begun(['second', 'third']);
    lane.release('first');

    expect(lanes.take(10, 1, false).risky).toEqual([]);
    expect(lanes.take(1, 1, true).risky.map(({ id }) => id)).toEqual(['second']);
  });
});
