import type { SendableCheck } from '../../deliveries/locally-leased.js';
import type { SendableEndpoint } from '../../endpoints/sendable-endpoints.js';
import type { DeliveryLeaser } from './lease.js';
import type { DequeuedDelivery, EndpointQueues } from '../scheduler/endpoint-queues.js';

/** A check that an endpoint is sendable is valid for so long, milliseconds. */
const CHECK_TTL_MS = 20;

/** Which endpoints of these deliveries are sendable. Asks the database for those that were not checked a moment ago. */
export async function checkSendable(
  dequeued: DequeuedDelivery[],
  queues: EndpointQueues,
  leaser: DeliveryLeaser,
): Promise<SendableEndpoint[]> {
  const at = performance.now();
  const sendable: SendableEndpoint[] = [];
  const unknown: string[] = [];
  for (const queue of new Set(dequeued.map((one) => one.queue))) {
    const endpoint = queue.sendableSince(at - CHECK_TTL_MS);
    if (endpoint) sendable.push(endpoint);
    else unknown.push(queue.subscriptionId);
  }
  if (unknown.length === 0) return sendable;
  const check: SendableCheck = { sendable: await leaser.checkSendable(unknown), checkedAt: at };
  queues.markSendable(check);
  return [...sendable, ...check.sendable];
}
