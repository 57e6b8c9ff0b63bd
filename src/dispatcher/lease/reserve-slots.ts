import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_RETRY_MS } from './database-retry.js';
import type { DeliveryLeaser } from './lease.js';
import type { EndpointQueues } from '../scheduler/endpoint-queues.js';

/** Reserves slots for rate-limited endpoints. Without the database they get none, and their deliveries wait. */
export function reserveSlots(queues: EndpointQueues, leaser: DeliveryLeaser, onReserved: () => void): void {
  for (const { queue, rate, count } of queues.slotsNeeded(performance.now())) {
    rate.markRequested();
    leaser
      .reserveSlots(queue.subscriptionId, count, rate.perSecond)
      .then((at) => rate.grant(at, count))
      .catch(async () => {
        await sleep(DATABASE_RETRY_MS);
        rate.grant(0, 0);
      })
      .finally(onReserved);
  }
}
