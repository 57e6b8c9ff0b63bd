import { LocalDispatch, type LocalWorker } from '../../src/deliveries/local-dispatch.js';
import type { Database } from '../../src/database/database.js';
import { FleetBacklog } from '../../src/deliveries/fleet-backlog.js';
import type { HandoverSender } from '../../src/deliveries/handover-sender.js';
import type { Settings } from '../../src/config/settings.js';

const worker = (capacity: number): LocalWorker => ({
  capacity: () => capacity,
  newLease: () => 'lease',
  accept: () => undefined,
  acceptIds: (due) => due.slice(capacity),
  isBehind: () => false,
  isBehindFor: () => false,
  releaseUnused: () => undefined,
});
const due = [1, 2, 3].map((n) => ({ id: `delivery ${n}`, subscriptionId: 'subscription' }));
/** Of a process without a worker, when no other worker is behind. */
const NO_FLEET = new FleetBacklog({} as Database);
/** And none gets anything handed over. */
const NO_OTHER = { leases: () => null, send: () => undefined, isShort: false } as unknown as HandoverSender;
const NONE = { sendable: [], checkedAt: 0 };

describe('the local dispatch', () => {
  it('returns everything to be enqueued while no worker is attached', () => {
    expect(new LocalDispatch({} as Settings, NO_FLEET, NO_OTHER).dispatch([], NONE, due)).toEqual(due);
  });

  it('gives its one worker what it has room for', () => {
    const local = new LocalDispatch({} as Settings, NO_FLEET, NO_OTHER);
    local.attach(worker(2));
    expect(local.dispatch([], NONE, due)).toEqual(due.slice(2));
  });

  it('slows nobody down while the worker keeps up', async () => {
    const local = new LocalDispatch({ slowPublishMs: 60_000 } as Settings, NO_FLEET, NO_OTHER);
    await local.slowDown(() => ['subscription']);
    local.attach(worker(2));
    await local.slowDown(() => ['subscription']);
  });

  it('waits until the worker has caught up, and no longer than the setting allows', async () => {
    let asked = 0;
    const behind = { ...worker(2), isBehindFor: () => (asked += 1) < 3 };
    const patient = new LocalDispatch({ slowPublishMs: 60_000 } as Settings, NO_FLEET, NO_OTHER);
    patient.attach(behind);
    await patient.slowDown(() => ['subscription']);
    expect(asked).toBe(3);
    const brief = new LocalDispatch({ slowPublishMs: 50 } as Settings, NO_FLEET, NO_OTHER);
    brief.attach({ ...worker(2), isBehindFor: () => true });
    const from = performance.now();
    await brief.slowDown(() => ['subscription']);
    expect(performance.now() - from).toBeGreaterThanOrEqual(49);
    const never = new LocalDispatch({ slowPublishMs: 0 } as Settings, NO_FLEET, NO_OTHER);
    never.attach({ ...worker(2), isBehindFor: () => Boolean((asked += 100)) });
    await never.slowDown(() => ['subscription']);
    expect(asked).toBe(3);
  });

  it('refuses a second worker', () => {
    const local = new LocalDispatch({} as Settings, NO_FLEET, NO_OTHER);
    local.attach(worker(2));
    expect(() => local.attach(worker(1))).toThrow('a worker already');
    expect(local.dispatch([], NONE, due)).toEqual(due.slice(2));
  });
});
