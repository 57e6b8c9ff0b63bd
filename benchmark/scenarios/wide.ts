import { monotonicMs } from '../monotonic.js';
import { EVENT_TYPE } from '../payload.js';
import { cpuFigures } from '../process-costs.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { besideBystander, BYSTANDER } from './bystander.js';

const DRAIN_MS = 120_000;

/** One event for very many subscriptions, and the next when all of it has arrived. */
function wide(name: string, subscriptions: number, events: number): Scenario {
  return {
    name,
    about: `one event for ${subscriptions.toLocaleString('en')} subscriptions, the next when it has arrived`,
    isLong: 'once',
    compared: 'deliveries/s',
    targets: { 'ratio to pool loop': { atLeast: 0.2 }, 'node MB': { atMost: 400 }, ...BYSTANDER },
    play: async (stage) => {
      const { engine, receiverUrl, isQuick } = stage;
      const tenant = await engine.tenant([]);
      await engine.call('PATCH', `/v1/spaces/${tenant.space}`, { limits: { subscriptions } });
      const urls = Array.from({ length: subscriptions }, (_, n) => `${receiverUrl}/wide-${n}`);
      await inParallel(urls, (url) => engine.subscribe(tenant, url, {}));
      stage.progress(`${subscriptions} subscriptions made`);
      const publish = () => publishWide(stage, tenant.space, subscriptions, isQuick ? 2 : events);
      await publish();
      const alone = await publish();
      const beside = await besideBystander(stage, publish);
      const bystander = Object.entries(beside).filter(([figure]) => figure.startsWith('bystander'));
      await engine.call('DELETE', `/v1/spaces/${tenant.space}`);
      return {
        ...alone,
        'arrived ms beside others': beside['arrived ms'] ?? NaN,
        ...Object.fromEntries(bystander),
      };
    },
  };
}

async function publishWide(
  stage: Stage,
  space: string,
  subscriptions: number,
  events: number,
): Promise<Figures> {
  const { engine, receiver } = stage;
  await receiver.call('reset', {});
  engine.forgetPeakMemory();
  const before = engine.costs();
  const startedAt = monotonicMs();
  let answered = 0;
  for (let n = 1; n <= events; n += 1) {
    const publishedAt = monotonicMs();
    await engine.call('POST', `/v1/spaces/${space}/events`, { type: EVENT_TYPE, data: {} });
    answered += monotonicMs() - publishedAt;
    await receiver.call('received', { count: n * subscriptions, timeoutMs: DRAIN_MS });
  }
  const took = monotonicMs() - startedAt;
  const requests = await receiver.call('count', undefined);
  if (requests !== events * subscriptions)
    throw new Error(`${requests} requests came, not ${events * subscriptions}`);
  return {
    'deliveries/s': (requests * 1_000) / took,
    'answered ms': answered / events,
    'arrived ms': took / events,
    ...cpuFigures(before, engine.costs(), requests),
    'node MB': engine.peakNodeMemory(),
  };
}

/** Sixteen at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const loop = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, loop));
}

export const wides = [wide('wide-1k', 1_000, 40), wide('wide-10k', 10_000, 5)];
