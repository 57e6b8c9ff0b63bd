import type { DeliveryLeaser } from '../../src/dispatcher/lease/lease.js';
import { refill } from '../../src/dispatcher/lease/refill.js';
import { AdmissionControl } from '../../src/dispatcher/scheduler/admission-control.js';
import type { LeasingId } from '../../src/dispatcher/scheduler/delivery-states.js';
import { EndpointQueue } from '../../src/dispatcher/scheduler/endpoint-queue.js';
import { EndpointQueues } from '../../src/dispatcher/scheduler/endpoint-queues.js';

/** Refills the dry queue of an endpoint for which `waiting` deliveries wait in the database. */
async function refilled(waiting: number | Error, { isReleasing = false, isBesideOthers = false } = {}) {
  const queues = new EndpointQueues();
  queues.add('endpoint', ['first'], true);
  const [first] = queues.dequeue(1, 0, { unknown: true, idle: 32, flood: 'all' }).unknown;
  if (!first) throw new Error('Nothing may leave.');
  const { queue } = first;
  queue.release(first.id);
  const leaser = {
    waiting: (_id: string, limit: number) =>
      waiting instanceof Error
        ? Promise.reject(waiting)
        : Promise.resolve({
            ids: Array.from({ length: Math.min(waiting, limit) }, (_, n) => `d${n}`),
            isReleasing,
          }),
  } as unknown as DeliveryLeaser;
  const admission = new AdmissionControl();
  if (isBesideOthers) {
    const single = [{ id: 'single' as LeasingId, queue: new EndpointQueue('other') }];
    const others = { single, idle: [], flood: [], unknown: [] };
    admission.allows(performance.now());
    admission.recordDepartures(others, performance.now(), () => undefined);
  }
  await refill(new Set([queue]), queues, leaser, admission);
  queue.recordSuccess(true, 1);
  return { depth: queue.depth, more: queue.overflowed, behind: queue.isBehind(1), backlog: queues.backlog };
}

describe('a queue that has run dry', () => {
  it('gets up to a thousand ids that wait in the database', async () => {
    expect(await refilled(3)).toMatchObject({ depth: 3, more: false });
    expect(await refilled(999)).toMatchObject({ depth: 999, more: false });
  });

  it('is filled again later when there may be more', async () => {
    expect(await refilled(1_000)).toMatchObject({ depth: 1_000, more: true });
  });

  it('gets fewer ids at a time beside single deliveries of other endpoints', async () => {
    expect(await refilled(1_000, { isBesideOthers: true })).toMatchObject({ depth: 200, more: true });
    expect(await refilled(199, { isBesideOthers: true })).toMatchObject({ depth: 199, more: false });
  });

  it('is behind with what was published, and not with what was held: nobody who publishes now made that', async () => {
    expect(await refilled(1_000)).toMatchObject({ behind: true, backlog: 1_000 });
    expect(await refilled(1_000, { isReleasing: true })).toMatchObject({ behind: false, backlog: 0 });
  });
});
