import type { DeliveryLeaser } from '../../src/dispatcher/lease.js';
import { refill } from '../../src/dispatcher/refill.js';
import { AdmissionControl } from '../../src/dispatcher/scheduler/admission-control.js';
import { EndpointQueues } from '../../src/dispatcher/scheduler/endpoint-queues.js';

/** Refills the dry queue of an endpoint for which `waiting` deliveries wait in the database. */
async function refilled(waiting: number | Error) {
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
        : Promise.resolve(Array.from({ length: Math.min(waiting, limit) }, (_, n) => `d${n}`)),
  } as unknown as DeliveryLeaser;
  await refill(new Set([queue]), queues, leaser, new AdmissionControl());
  return { depth: queue.depth, more: queue.overflowed };
}

describe('a queue that has run dry', () => {
  it('gets up to a thousand ids that wait in the database', async () => {
    expect(await refilled(3)).toEqual({ depth: 3, more: false });
    expect(await refilled(999)).toEqual({ depth: 999, more: false });
  });

  it('is filled again later when there may be more', async () => {
    expect(await refilled(1_000)).toEqual({ depth: 1_000, more: true });
  });
});
