import { setTimeout as delay } from 'node:timers/promises';
import { DiskProbe } from '../disk-probe.js';
import type { Tenant } from '../engine.js';
import type { GeneratorCommands } from '../generator.js';
import { EVENT_TYPE, ENDPOINTS } from '../payload.js';
import { Peer } from '../process-commands.js';
import type { Behaviour, PathReport } from '../receiver.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { seedDeliveries } from '../seed-deliveries.js';
import { monotonicMs } from '../monotonic.js';

const RATE = 500;
/** After so long without a request an endpoint's connection is closed. */
const QUIET_MS = 3_000;
/** All is well for so long before a measurement, seconds. */
const WARM_UP_SECONDS = 3;
/** Requests a new endpoint may have open at once; each good answer adds one. */
const START_LIMIT = 8;
/** The endpoints that misbehave. */
const HANGING = 7;
const REFUSING = 11;

/** 50 endpoints that take turns; then one of them hangs and one answers 429. */
export const badEndpoints: Scenario = {
  name: 'bad-endpoints',
  about: `${RATE} events/s for ${ENDPOINTS} endpoints, one of which hangs and one answers 429`,
  isLong: 'three times',
  targets: {
    'p99 to baseline': { atMost: 1.5 },
    'hanging at once': { atMost: START_LIMIT + (WARM_UP_SECONDS * RATE) / ENDPOINTS },
  },
  play: async (stage) => {
    const events = RATE * (stage.isQuick ? 6 : 30);
    await others(stage, events / 3, {});
    const baseline = await others(stage, events, {});
    const disturbed = await others(stage, events, {
      [`/endpoint-${HANGING}`]: { hangs: true },
      [`/endpoint-${REFUSING}`]: { status: 429 },
    });
    return {
      'baseline p99 ms': baseline.p99,
      'p99 ms': disturbed.p99,
      'p99 to baseline': disturbed.p99 / baseline.p99,
      'hanging at once': disturbed.hangingAtOnce,
    };
  },
};

async function others(
  stage: Stage,
  events: number,
  bad: Record<string, Behaviour>,
): Promise<{ p99: number; hangingAtOnce: number }> {
  const { engine, receiver, generator } = stage;
  const tenant = await engine.tenant([]);
  const behaviours: Record<string, Behaviour> = {};
  for (let endpoint = 0; endpoint < ENDPOINTS; endpoint += 1) {
    const made = await engine.subscribe(tenant, `${stage.receiverUrl}/endpoint-${endpoint}`, {
      filter: { endpoint },
      timeoutMs: 5_000,
      pauseAfter: null,
      retrySchedule: [1, 1, 1],
    });
    behaviours[made.path] = { secret: made.secret, ...bad[made.path] };
  }
  const { url, key, space } = tenant;
  const publish = async (count: number) => {
    await generator.call('publish', {
      url,
      key,
      space,
      events: count,
      batch: 1,
      connections: 64,
      rate: RATE,
    });
    return finished(stage, count, Object.keys(bad));
  };
  // Fifty new endpoints at once get their first requests a few at a time. Here they are known, and all is well so far.
  await receiver.call('reset', {});
  await publish(WARM_UP_SECONDS * RATE);
  await receiver.call('reset', behaviours);
  const reports = await publish(events);
  const good = Object.entries(reports).filter(([path]) => bad[path] === undefined);
  await engine.call('DELETE', `/v1/spaces/${space}`);
  return {
    // Every endpoint gets the same number of events: the worst of them is what a customer sees.
    p99: Math.max(...good.map(([, report]) => report.latency.p99)),
    hangingAtOnce: reports[`/endpoint-${HANGING}`]?.mostAtOnce ?? 0,
  };
}

/** Waits until all endpoints but the bad ones have all of theirs. */
async function finished(stage: Stage, events: number, bad: string[]): Promise<Record<string, PathReport>> {
  const expected = (events * (ENDPOINTS - bad.length)) / ENDPOINTS;
  for (let tries = 0; ; tries += 1) {
    const reports = await stage.receiver.call('report', undefined);
    const good = Object.entries(reports).filter(([path]) => !bad.includes(path));
    const came = good.reduce((sum, [, report]) => sum + report.requests - report.duplicates, 0);
    if (came >= Math.floor(expected)) return reports;
    if (tries > 300) throw new Error(`Only ${came} of ${expected} came to the endpoints that answer.`);
    await delay(100);
  }
}

/** One space publishes 100,000 events at once; another one publishes a single event now and then. */
export const noisyNeighbour: Scenario = {
  name: 'noisy-neighbour',
  about: 'a space publishes 100,000 events at once (quick: 10,000) while another publishes 10/s',
  isLong: 'three times',
  targets: { 'p99 to idle': { atMost: 2 } },
  warmUp: async (stage) => {
    const noisy = await stage.engine.tenant([`${stage.receiverUrl}/noisy`]);
    await flood(stage.generator, noisy, 20_000);
    await stage.engine.settled(noisy.spaceId, 300_000);
  },
  play: async (stage) => {
    const events = stage.isQuick ? 10_000 : 100_000;
    const noisy = await stage.engine.tenant([`${stage.receiverUrl}/noisy`]);
    const quiet = await stage.engine.tenant([`${stage.receiverUrl}/quiet`]);
    await steady(stage, quiet, 50);
    const idle = await steady(stage, quiet, stage.isQuick ? 50 : 250);
    const second = Peer.start<GeneratorCommands>('generator.ts');
    try {
      await stage.receiver.call('reset', {});
      const publishing = flood(second, noisy, events);
      // As long as the flood lasts: of 100 events, the p99 was the second slowest.
      const during = await steady(stage, quiet, stage.isQuick ? 30 : 250);
      const seconds = await publishing;
      await stage.engine.settled(noisy.spaceId, 300_000);
      return {
        'idle p50 ms': idle['p50 ms'] ?? 0,
        'idle p99 ms': idle['p99 ms'] ?? 0,
        'p50 ms': during['p50 ms'] ?? 0,
        'p99 ms': during['p99 ms'] ?? 0,
        'idle disk max ms': idle['disk max ms'] ?? 0,
        'disk max ms': during['disk max ms'] ?? 0,
        'p99 to idle': (during['p99 ms'] ?? 0) / (idle['p99 ms'] ?? NaN),
        'flood/s': events / seconds,
      };
    } finally {
      await second.stop();
    }
  },
};

/** Gives how long it took until all was acknowledged, seconds. */
async function flood(generator: Peer<GeneratorCommands>, tenant: Tenant, events: number): Promise<number> {
  const { url, key, space } = tenant;
  const load = { url, key, space, events, batch: 100, connections: 8 };
  const { accepted, refused, startedAt, endedAt } = await generator.call('publish', load);
  if (accepted !== events) throw new Error(`Events were refused: ${JSON.stringify(refused)}`);
  return (endedAt - startedAt) / 1_000;
}

async function steady({ generator, receiver }: Stage, tenant: Tenant, events: number): Promise<Figures> {
  await receiver.call('reset', {});
  const { url, key, space } = tenant;
  const disk = await DiskProbe.start();
  await generator.call('publish', { url, key, space, events, batch: 1, connections: 16, rate: 10 });
  const diskFigures = await disk.stop();
  for (let tries = 0; ; tries += 1) {
    const report = (await receiver.call('report', undefined))['/quiet'];
    if (report && report.requests >= events) {
      return { 'p50 ms': report.latency.p50, 'p99 ms': report.latency.p99, ...diskFigures };
    }
    if (tries > 1_200) throw new Error(`Only ${report?.requests ?? 0} of ${events} single events came.`);
    await delay(100);
  }
}

const BROADCAST_RATE = 200;
/** As long as a broadcast takes and no longer: of more events the few that met it would be no hundredth. */
const BROADCAST_SECONDS = 3;

/** One event for a thousand endpoints that have been quiet, so that each of them costs a connection. */
export const broadcast: Scenario = {
  name: 'broadcast',
  about: `one event for 1,000 quiet endpoints (quick: 200) beside ${BROADCAST_RATE} events/s for another one`,
  isLong: 'three times',
  targets: { 'p99 ms': { atMost: 30 } },
  play: async (stage) => {
    const { engine, receiver, generator, receiverUrl } = stage;
    const endpoints = stage.isQuick ? 200 : 1_000;
    const many = await engine.tenant(Array.from({ length: endpoints }, (_, n) => `${receiverUrl}/wide-${n}`));
    const steady = await engine.tenant([`${receiverUrl}/steady`]);
    const publish = async () => {
      await receiver.call('reset', {});
      const events = BROADCAST_RATE * BROADCAST_SECONDS;
      const load = { url: steady.url, key: steady.key, space: steady.space, events };
      const steadily = generator.call('publish', {
        ...load,
        batch: 1,
        connections: 64,
        rate: BROADCAST_RATE,
      });
      await delay(500);
      const startedAt = monotonicMs();
      await engine.call('POST', `/v1/spaces/${many.space}/events`, { type: EVENT_TYPE, data: {} });
      await steadily;
      await receiver.call('received', { count: events + endpoints, timeoutMs: 60_000 });
      const { '/steady': own, ...wide } = await receiver.call('report', undefined);
      const took = Math.max(...Object.values(wide).map(({ lastAt }) => lastAt)) - startedAt;
      return { 'p50 ms': own?.latency.p50 ?? NaN, 'p99 ms': own?.latency.p99 ?? NaN, took };
    };
    const unknown = await publish();
    await delay(QUIET_MS);
    const { took, ...known } = await publish();
    return {
      ...known,
      'broadcast ms': took,
      'new p99 ms': unknown['p99 ms'],
      'new broadcast ms': unknown.took,
    };
  },
};

/** The engine was away while 50,000 deliveries became due: how it begins, and how it goes on. */
export const afterOutage: Scenario = {
  name: 'after-outage',
  about: '50,000 deliveries that are ten minutes late when the engine starts (quick: 10,000)',
  isLong: 'once',
  targets: {},
  play: async (stage) => {
    const { receiver, receiverUrl } = stage;
    const rows = stage.isQuick ? 10_000 : 50_000;
    const engine = await stage.startEngine();
    try {
      const tenant = await engine.tenant([`${receiverUrl}/late`]);
      await receiver.call('reset', { '/late': { secret: tenant.subscriptions[0]?.secret ?? '' } });
      await engine.stopAndStart(() =>
        seedDeliveries(engine, tenant, { rows, status: 'pending', progress: stage.progress }),
      );
      await receiver.call('received', { count: 1, timeoutMs: 60_000 });
      const startedAt = monotonicMs();
      const perQuarter: number[] = [];
      for (let count = 0; count < rows && perQuarter.length < 1_200;) {
        await delay(250);
        const now = await receiver.call('count', undefined);
        perQuarter.push(now - count);
        count = now;
      }
      const seconds = (monotonicMs() - startedAt) / 1_000;
      const report = (await receiver.call('report', undefined))['/late'];
      return {
        'first second': perQuarter.slice(0, 4).reduce((sum, count) => sum + count, 0),
        'second second': perQuarter.slice(4, 8).reduce((sum, count) => sum + count, 0),
        'drained/s': rows / seconds,
        duplicates: report?.duplicates ?? 0,
      };
    } finally {
      await engine.close();
    }
  },
};
