import type { ApiClient } from './api-client.js';

/** A subscription of the demo, by the name of its endpoint. */
export interface DemoSubscription {
  uid: string;
  url: string;
  description: string;
  /** Seconds between attempts: short, so that one sees the end of it. */
  retrySchedule: number[];
}

/** Makes the space and its subscriptions, or points those of an earlier start at the receiver's new address. */
export async function ensureDemoSpace(
  api: ApiClient,
  space: string,
  subscriptions: DemoSubscription[],
): Promise<void> {
  const path = `/v1/spaces/${space}`;
  if ((await api.call('GET', path)) === null)
    await api.call('POST', '/v1/spaces', { name: 'Demo', uid: space });
  for (const { uid, ...fields } of subscriptions) {
    const changed = await api.call('PATCH', `${path}/subscriptions/${uid}`, fields);
    if (changed === null) await api.call('POST', `${path}/subscriptions`, { uid, ...fields });
  }
}

/** What an earlier start left paused: this one shows again how that comes about. */
export async function resumePaused(api: ApiClient, space: string): Promise<void> {
  const path = `/v1/spaces/${space}/subscriptions`;
  const { data } = await api.get<{ data: { id: string; status: string }[] }>(`${path}?limit=250`);
  for (const { id, status } of data) if (status === 'paused') await api.call('POST', `${path}/${id}/resume`);
}
