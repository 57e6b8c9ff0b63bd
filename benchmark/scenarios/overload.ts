import type { Figures, Scenario, Stage } from '../scenario.js';

const ENDPOINTS = 10;
const CONNECTIONS = 64;
const DRAIN_MS = 120_000;

/** Publishing as fast as the engine answers, one event a request, when each makes more deliveries than it can send. */
export const overload: Scenario = {
  name: 'overload',
  about: 'one event a request over 64 connections, ten endpoints: more than can be delivered at once',
  targets: { 'p50 ms': { atMost: 2_000 } },
  isLong: 'three times',
  warmUp: async (stage) => {
    await measure(stage, 1_000);
  },
  play: (stage) => measure(stage, Math.ceil(stage.seconds * 1_000)),
};

async function measure(
  { engine, receiver, receiverUrl, generator }: Stage,
  events: number,
): Promise<Figures> {
  const paths = Array.from({ length: ENDPOINTS }, (_, n) => `/hook-${n}`);
  const tenant = await engine.tenant(paths.map((path) => receiverUrl + path));
  await receiver.call(
    'reset',
    Object.fromEntries(tenant.subscriptions.map(({ path, secret }) => [path, { secret }])),
  );
  const { url, key, space } = tenant;
  const published = await generator.call('publish', {
    ...{ url, key, space, events, batch: 1, connections: CONNECTIONS },
  });
  const expected = events * ENDPOINTS;
  await receiver.call('received', { count: expected, timeoutMs: DRAIN_MS });
  await engine.settled(tenant.spaceId, DRAIN_MS);
  const reports = Object.values(await receiver.call('report', undefined));
  const arrived = reports.reduce((sum, { latency }) => sum + latency.count, 0);
  if (arrived !== expected || published.accepted !== events)
    throw new Error(`${arrived} of ${expected} came, ${published.accepted} of ${events} were accepted`);
  const worst = (of: 'p50' | 'p99' | 'max') => Math.max(...reports.map(({ latency }) => latency[of]));
  const seconds = (published.endedAt - published.startedAt) / 1_000;
  const lastAt = Math.max(...reports.map((report) => report.lastAt));
  return {
    'acknowledged/s': events / seconds,
    'deliveries/s': (expected * 1_000) / (lastAt - published.startedAt),
    'answer p50 ms': published.answer.p50,
    'p50 ms': worst('p50'),
    'p99 ms': worst('p99'),
    'max ms': worst('max'),
    'last after the last answer s': (lastAt - published.endedAt) / 1_000,
  };
}
