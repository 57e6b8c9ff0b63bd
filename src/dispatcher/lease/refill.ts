import type { DeliveryLeaser } from './lease.js';
import type { AdmissionControl } from '../scheduler/admission-control.js';
import type { EndpointQueue } from '../scheduler/endpoint-queue.js';
import type { EndpointQueues } from '../scheduler/endpoint-queues.js';

/** Ids fetched for an endpoint's queue that has run dry; fewer while this would slow single deliveries down. */
const REFILL = 1_000;
const SMALL_REFILL = 200;

const NONE = { ids: [], isReleasing: false };

/** Fetches the ids that did not fit into these queues, once they have run dry. */
export async function refill(
  queues: Set<EndpointQueue>,
  all: EndpointQueues,
  leaser: DeliveryLeaser,
  admission: AdmissionControl,
): Promise<void> {
  for (const queue of queues) {
    if (!queue.overflowed || queue.depth > 0) continue;
    queue.overflowed = false;
    const count = admission.isFloodNoticed(performance.now()) ? SMALL_REFILL : REFILL;
    const { ids, isReleasing } = await leaser.waiting(queue.subscriptionId, count).catch(() => NONE);
    queue.isReleasing = isReleasing;
    all.add(queue.subscriptionId, ids);
    if (ids.length === count) queue.overflowed = true;
  }
}
