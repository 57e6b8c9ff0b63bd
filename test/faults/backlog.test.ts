import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SingleEngine } from './single-engine.js';

/** Those of `npm start`, and the limit. */
const FLAGS = [
  '--v8-pool-size=0',
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
  '--max-old-space-size=512',
];
const ENDPOINTS = 14;
const HELD = 20_000;
const BATCH = 200;
const LIVE_PER_SECOND = 100;
const MEBIBYTE = 1024 * 1024;

/** A single event's way to its endpoint: when it was published and how long it took, milliseconds. */
interface Arrival {
  at: number;
  ms: number;
}

/** The 50th and 99th percentile. */
function percentiles(arrivals: Arrival[]): [p50: number, p99: number] {
  const times = arrivals.map(({ ms }) => ms).sort((a, b) => a - b);
  return [times[Math.floor(times.length * 0.5)] ?? 0, times[Math.floor(times.length * 0.99)] ?? 0];
}

describe('a great backlog, with a process that has 512 MB', () => {
  let copy: TestDatabase;
  let database: pg.Pool;
  let engine: SingleEngine;
  let live: Receiver;
  const sentAt = new Map<string, number>();
  let watching: NodeJS.Timeout | undefined;
  beforeEach(async () => {
    copy = await createTestDatabase();
    database = new pg.Pool({ connectionString: copy.url, max: 2 });
    database.on('error', () => undefined);
    engine = await SingleEngine.start({ databaseUrl: copy.url, node: FLAGS });
    live = await startReceiver();
  });
  afterEach(async () => {
    clearInterval(watching);
    await engine.kill();
    await live.close();
    await database.end();
    await copy.drop();
  });

  /** Single events for an endpoint of their own; gives the way of each. */
  async function liveFor(seconds: number): Promise<Arrival[]> {
    const from = live.requests.length;
    const publishing: Promise<unknown>[] = [];
    const startedAt = performance.now();
    for (let n = 0; n < seconds * LIVE_PER_SECOND; n += 1) {
      const at = performance.now();
      const event = { type: 'lead.update', data: {} };
      publishing.push(
        engine.ok<{ id: string }>('POST', engine.path('/events'), event).then(({ id }) => sentAt.set(id, at)),
      );
      await sleep(Math.max(0, startedAt + ((n + 1) * 1_000) / LIVE_PER_SECOND - performance.now()));
    }
    await Promise.all(publishing);
    await eventually(() => live.requests.length >= from + publishing.length, { timeoutMs: 30_000 });
    return live.requests.slice(from).map(({ headers, receivedAt }) => {
      const at = sentAt.get(String(headers['webhook-id'])) ?? receivedAt;
      return { at, ms: receivedAt - at };
    });
  }

  async function count(status: string): Promise<number> {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM posthorn.deliveries WHERE status = $1 AND event_type = 'lead.create'`,
      [status],
    );
    return rows[0]?.count ?? 0;
  }

  it('is sent when its endpoints are resumed, all of it once, in little memory and out of the way of live traffic', async () => {
    const backlog = NodeProcess.run('test/support/counting-receiver.ts');
    const url = await eventually(() => /http:\S+/.exec(backlog.stdout)?.[0] ?? null, { timeoutMs: 30_000 });
    const counted = async () => (await (await fetch(url)).json()) as { distinct: number; requests: number };
    const subscriptions: string[] = [];
    for (let n = 0; n < ENDPOINTS; n += 1)
      subscriptions.push(await engine.subscribe(`${url}/${n}`, { events: ['lead.create'] }));
    await engine.subscribe(live.url, { events: ['lead.update'] });
    for (const id of subscriptions) await engine.ok('POST', engine.path(`/subscriptions/${id}/pause`));
    const events = Array.from({ length: BATCH }, (_, n) => ({ type: 'lead.create', data: { n } }));
    for (let n = 0; n < HELD; n += BATCH) await engine.ok('POST', engine.path('/events'), events);
    expect(await count('held')).toBe(ENDPOINTS * HELD);
    await liveFor(5);
    const idle = percentiles(await liveFor(15));
    const memory = engine.memory;
    let most = memory;
    watching = setInterval(() => (most = Math.max(most, engine.memory)), 200);
    const startedAt = performance.now();
    const answers: number[] = [];
    const draining = liveFor(20);
    for (const id of subscriptions)
      answers.push((await engine.call('POST', engine.path(`/subscriptions/${id}/resume`), {})).ms);
    const resumedAt = performance.now();
    const arrivals = await draining;
    const [p50, p99] = percentiles(arrivals);
    const afterResumes = percentiles(arrivals.filter(({ at }) => at > resumedAt));
    const { distinct: inTwenty } = await counted();
    await eventually(
      async () => {
        await sleep(500);
        return (await counted()).distinct === ENDPOINTS * HELD;
      },
      { timeoutMs: 900_000 },
    );
    clearInterval(watching);
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(
      [
        `live p50, p99 in ms: idle ${idle.map(Math.round).join(', ')}, while it drains ${Math.round(p50)}, ${Math.round(p99)},`,
        `without the ${Math.round(resumedAt - startedAt)} ms of the resumes ${afterResumes.map(Math.round).join(', ')}`,
        `memory in MB: ${Math.round(memory / MEBIBYTE)} before, ${Math.round(most / MEBIBYTE)} at most`,
        `resumes answered in ${Math.round(Math.max(...answers))} ms at most; ${inTwenty} sent while live traffic was`,
        `measured, all in ${Math.round(seconds)} s`,
      ].join('\n'),
    );
    expect((await counted()).requests).toBe(ENDPOINTS * HELD);
    // Publishers that are slowed down by what is released wait a second each (ADR 42).
    expect(p50).toBeLessThan(Math.max(100, 5 * idle[0]));
    // As much as any flood takes. V8 lets the heap grow to twice what is, before it cleans it.
    expect(most - memory).toBeLessThan(100 * MEBIBYTE);
    await eventually(async () => expect(await count('succeeded')).toBe(ENDPOINTS * HELD));
    backlog.kill('SIGKILL');
  }, 1_200_000);
});
