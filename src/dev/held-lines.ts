import type { ApiClient } from './api-client.js';

interface Delivery {
  id: string;
  eventType: string;
  subscriptionId: string;
  attemptCount: number;
}

const LOOK_MS = 1_000;

/**
 * A line for each new delivery that waits for a paused endpoint: no attempt tells of it. Gives what ends it.
 */
export function showHeld(api: ApiClient, space: string, print: (line: string) => void): () => void {
  const seen = new Set<string>();
  const look = async () => {
    const path = `/v1/spaces/${space}`;
    const { data } = await api.get<{ data: Delivery[] }>(`${path}/deliveries?status=held&limit=100`);
    // An attempt that ended in a pause has a line of its own.
    const unseen = data.filter(({ id, attemptCount }) => attemptCount === 0 && !seen.has(id));
    for (const { id, eventType, subscriptionId } of unseen.reverse()) {
      seen.add(id);
      const { uid } = await api.get<{ uid: string | null }>(`${path}/subscriptions/${subscriptionId}`);
      print(heldLine(eventType, uid ?? subscriptionId, new Date()));
    }
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // While the engine stops it answers no more.
    void look()
      .catch(() => undefined)
      .finally(() => (isLooking = false));
  }, LOOK_MS);
  return () => clearInterval(timer);
}

function heldLine(eventType: string, endpoint: string, now: Date): string {
  return [
    now.toTimeString().slice(0, 8),
    eventType.padEnd(20),
    endpoint.padEnd(11),
    'held: the endpoint is paused; it is sent when the endpoint is resumed',
  ].join('  ');
}
