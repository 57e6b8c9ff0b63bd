import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../config/version.js';
import { ApiClient } from '../dev/api-client.js';
import { ensureDemoSpace } from '../dev/demo-space.js';
import { failsFirst, startDemoReceiver, type Behaviour, type Received } from '../dev/receiver.js';
import { allSamples, type Sample } from '../dev/samples.js';
import type { Posthorn } from '../app/start.js';
import { VerifyingLog } from './verifying-log.js';

const SPACE = 'demo';
const SCHEDULE = [1, 1, 1];
const PATIENCE_MS = 40_000;
export const ENDPOINTS = ['healthy', 'recovering', 'failing'] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

/** A published event. */
export interface Published {
  id: string;
  type: string;
  /** When the publish call was made, monotonic milliseconds. */
  at: number;
}

/** A delivery as the API shows it, as far as the demo looks at it. */
export interface Delivery {
  eventId: string;
  status: string;
  attemptCount: number;
}

export interface Subscription {
  status: string;
  pausedReason: string | null;
  failureCount: number;
}

/** Everything there is to check. */
export interface Outcome {
  events: Published[];
  received: VerifyingLog;
  deliveries: Record<EndpointName, Delivery[]>;
  subscriptions: Record<EndpointName, Subscription>;
}

/** Subscribes three endpoints, publishes every native event once and waits for what comes of it. */
export async function runStory(posthorn: Posthorn): Promise<Outcome> {
  const api = new ApiClient(posthorn.url ?? '', posthorn.settings.adminKey);
  const received = new VerifyingLog();
  const log = (behaviour: Behaviour) => (request: Received) => received.add(request, behaviour(request));
  const receiver = await startDemoReceiver({
    healthy: log(() => 200),
    recovering: log(failsFirst(2)),
    failing: log(() => 500),
  });
  try {
    console.log(
      `Three endpoints subscribe, with attempts ${SCHEDULE.join(', ')} s apart: ${ENDPOINTS.join(', ')}.`,
    );
    await ensureDemoSpace(
      api,
      SPACE,
      ENDPOINTS.map((uid) => ({ uid, url: receiver.urlOf(uid), description: uid, retrySchedule: SCHEDULE })),
    );
    for (const uid of ENDPOINTS) received.learnSecret(uid, await secretOf(api, uid));
    const samples = (await allSamples(api)).map(withDocumentedPayload);
    console.log(`${samples.length} events are published …`);
    const events = await Promise.all(samples.map((sample) => publish(api, sample)));
    return await waitForTheEnd(api, events, received);
  } finally {
    await receiver.close();
  }
}

async function publish(api: ApiClient, sample: Sample): Promise<Published> {
  const at = performance.now();
  const reply = await api.call<{ id: string }>('POST', `/v1/spaces/${SPACE}/events`, sample);
  return { id: reply?.id ?? '', type: sample.type, at };
}

/** The one native payload a provider's document shows in full is sent just as it stands there. */
function withDocumentedPayload(sample: Sample): Sample {
  if (sample.type !== 'lead.create') return sample;
  const file = join(packageRoot, 'test/fixtures/providers/payloads/breakcold/lead.create.json');
  const { payload } = JSON.parse(readFileSync(file, 'utf8')) as { payload: object };
  return { ...sample, data: payload };
}

async function secretOf(api: ApiClient, uid: string): Promise<string> {
  return (await api.get<{ secret: string }>(`/v1/spaces/${SPACE}/subscriptions/${uid}/secret`)).secret;
}

async function waitForTheEnd(api: ApiClient, events: Published[], received: VerifyingLog): Promise<Outcome> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const outcome = { events, received, ...(await look(api)) };
    const all = ENDPOINTS.flatMap((uid) => outcome.deliveries[uid]);
    const open = all.filter(({ status }) => status === 'pending').length;
    console.log(
      `  ${received.requests.length} requests arrived, ${all.length - open} of ${all.length} deliveries rest`,
    );
    if ((all.length > 0 && open === 0) || performance.now() > deadline) return outcome;
    await sleep(500);
  }
}

async function look(api: ApiClient): Promise<Pick<Outcome, 'deliveries' | 'subscriptions'>> {
  const deliveries: Record<EndpointName, Delivery[]> = { healthy: [], recovering: [], failing: [] };
  const subscriptions = {} as Record<EndpointName, Subscription>;
  for (const uid of ENDPOINTS) {
    const list = `/v1/spaces/${SPACE}/deliveries?subscription=${uid}&limit=250`;
    deliveries[uid] = (await api.get<{ data: Delivery[] }>(list)).data;
    subscriptions[uid] = await api.get(`/v1/spaces/${SPACE}/subscriptions/${uid}`);
  }
  return { deliveries, subscriptions };
}
