import { LocalDispatch, type LocalWorker } from '../../src/deliveries/local-dispatch.js';
import type { Settings } from '../../src/config/settings.js';

const worker = (capacity: number): LocalWorker => ({
  capacity: () => capacity,
  newLease: () => 'lease',
  accept: () => undefined,
  acceptIds: (due) => due.slice(capacity),
  isBehind: () => false,
  releaseUnused: () => undefined,
});
const due = [1, 2, 3].map((n) => ({ id: `delivery ${n}`, subscriptionId: 'subscription' }));
const NONE = { sendable: [], checkedAt: 0 };

describe('the local dispatch', () => {
  it('returns everything to be enqueued while no worker is attached', () => {
    expect(new LocalDispatch({} as Settings).dispatch([], NONE, due)).toEqual(due);
  });

  it('gives its one worker what it has room for', () => {
    const local = new LocalDispatch({} as Settings);
    local.attach(worker(2));
    expect(local.dispatch([], NONE, due)).toEqual(due.slice(2));
  });

  it('refuses a second worker', () => {
    const local = new LocalDispatch({} as Settings);
    local.attach(worker(2));
    expect(() => local.attach(worker(1))).toThrow('a worker already');
    expect(local.dispatch([], NONE, due)).toEqual(due.slice(2));
  });
});
