import type { ReadyDelivery } from '../../../src/dispatcher/lease/lease.js';
import type { AttemptListener, AttemptRunner } from '../../../src/dispatcher/attempt/attempt-runner.js';
import { EndpointQueue } from '../../../src/dispatcher/scheduler/endpoint-queue.js';
import { EndpointQueues, type Admission } from '../../../src/dispatcher/scheduler/endpoint-queues.js';

const RULES = { pauseAfter: null, ratePerSecond: null };
const EVERYTHING: Admission = { unknown: true, idle: 32, flood: 'all' };

/** A queue whose only delivery is being leased. */
function leasing() {
  const queue = new EndpointQueue('endpoint');
  queue.add(['delivery']);
  const [id] = queue.dequeue(1, 0);
  if (!id) throw new Error('Nothing was dequeued.');
  return { queue, id };
}

describe('the states of a delivery id', () => {
  it('hold a place of the queue from leasing to settled', () => {
    const { queue, id } = leasing();
    expect(queue.inFlight).toBe(1);
    const inFlight = queue.begin(id, 0, RULES);
    expect([queue.inFlight, inFlight]).toEqual([1, 'delivery']);
    queue.finish(inFlight);
    expect([queue.inFlight, queue.depth]).toEqual([0, 0]);
  });

  it('lead from leasing back to waiting, without the place', () => {
    const queues = new EndpointQueues();
    queues.add('endpoint', ['delivery']);
    for (const one of queues.dequeue(1, 0, EVERYTHING).unknown) {
      queues.requeue(one);
      expect([one.queue.inFlight, one.queue.depth]).toEqual([0, 1]);
    }
    expect(queues.dequeue(1, 0, EVERYTHING).unknown).toHaveLength(1);
  });

  // `npm run check:types` is what fails here: an error that is expected and does not come is one itself.
  it('compile in this order only', () => {
    const { queue, id } = leasing();
    const steps = (runner: AttemptRunner, ready: ReadyDelivery, listener: AttemptListener) => {
      const waiting = 'delivery';
      // @ts-expect-error What waits has no place to release.
      queue.release(waiting);
      // @ts-expect-error What waits has no attempt to begin.
      queue.begin(waiting, 0, RULES);
      // @ts-expect-error What waits is not started: it is dequeued and leased first.
      runner.start({ id: waiting, queue }, ready, listener);
      // @ts-expect-error What is being leased has no attempt to finish.
      queue.finish(id);
      const inFlight = queue.begin(id, 0, RULES);
      // @ts-expect-error What is in flight is not released as if it had not been sent.
      queue.release(inFlight);
      // @ts-expect-error What is in flight is not started again.
      runner.start({ id: inFlight, queue }, ready, listener);
      // @ts-expect-error What is in flight does not wait again.
      new EndpointQueues().requeue({ id: inFlight, queue });
    };
    expect(steps).toBeInstanceOf(Function);
  });
});
