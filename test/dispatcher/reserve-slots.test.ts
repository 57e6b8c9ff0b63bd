import type { DeliveryLeaser } from '../../src/dispatcher/lease/lease.js';
import { reserveSlots } from '../../src/dispatcher/lease/reserve-slots.js';
import type { EndpointQueues } from '../../src/dispatcher/scheduler/endpoint-queues.js';
import { RateSlots } from '../../src/dispatcher/scheduler/rate-slots.js';
import { eventually } from '../support/condition.js';

/** Asks once for three slots of an endpoint with ten a second. */
function reserve(answer: () => Promise<number>) {
  const rate = new RateSlots(10);
  const queue = { subscriptionId: 'endpoint' };
  const queues = { slotsNeeded: () => [{ queue, rate, count: 3 }] } as unknown as EndpointQueues;
  let ended = 0;
  reserveSlots(queues, { reserveSlots: answer } as unknown as DeliveryLeaser, () => (ended += 1));
  return { rate, ended: () => ended };
}

it('slots that the database gives are used at their time', async () => {
  const { rate, ended } = reserve(() => Promise.resolve(1_000));
  expect(rate.needed(3, 0)).toBe(0);
  await eventually(() => expect(ended()).toBe(1));
  expect(rate.nextAt(0)).toBe(1_000);
});

it('without the database there are none, and they are asked for again', async () => {
  const { rate, ended } = reserve(() => Promise.reject(new Error('away')));
  expect(rate.needed(3, 0)).toBe(0);
  await eventually(() => expect(ended()).toBe(1));
  expect(rate.nextAt(0)).toBeNull();
  expect(rate.needed(3, 0)).toBe(3);
});
