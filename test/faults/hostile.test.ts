import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type ReceivedRequest } from '../support/receiver.js';
import { Fleet, memoryOf } from './fleet.js';

const CROWD = 500;
const TIMEOUT_MS = 3_000;
/** Events for the healthy endpoints, at a steady rate. */
const RATE = 50;
const TURNS = 5;
const ROUND_MS = 5_000;

/** What the log has to say of each habit: an error code, or a status. */
const VERDICTS: Record<string, string | number> = {
  'never-answers': 'timeout',
  // The status counts as soon as it is read (ADR 6).
  'drips-headers': 200,
  'drips-body': 200,
  'endless-103': 'timeout',
  'endless-body': 200,
  'huge-body': 200,
  'gzip-bomb': 200,
  'huge-headers': 200,
  'resets-before': 'connection_reset',
  'resets-after': 200,
  'status-101': 'http_101',
  'unsolicited-100': 200,
  '204-with-body': 204,
  'status-000': 'http_0',
  'status-999': 'http_999',
  'plain-on-tls': 'tls_error',
  'certificate-expired': 'tls_error',
  'certificate-self-signed': 'tls_error',
  'certificate-elsewhere': 'tls_error',
};

describe('500 hostile receivers at once', () => {
  let fleet: Fleet;
  let hostile: NodeProcess;
  let database: TestDatabase;
  beforeAll(async () => {
    // Straight to the database: the test's own proxy would be one more thing that a crowd keeps busy.
    database = await createTestDatabase();
    fleet = await Fleet.start({ databaseUrl: database.url, env: { DATABASE_URL: database.url } });
    // Two crowds and a healthy endpoint are one more than a space may have by default.
    const raised = await fleet.call('PATCH', `/v1/spaces/${fleet.space}`, {
      limits: { subscriptions: 2_000 },
    });
    expect(raised).toMatchObject({ status: 200 });
    hostile = NodeProcess.run('test/faults/hostile-receivers.ts');
    await eventually(() => hostile.stdout.includes('\n'), { timeoutMs: 20_000 });
  });
  afterAll(async () => {
    hostile.kill('SIGKILL');
    await fleet.close();
    await database.drop();
  });

  /** One of the crowd: tried once, never paused. */
  async function member(uid: string, url: string, type: string): Promise<void> {
    const rules = { timeoutMs: TIMEOUT_MS, retrySchedule: [3_600], pauseAfter: null };
    const created = await fleet.call('POST', `/v1/spaces/${fleet.space}/subscriptions`, {
      ...{ url, uid, events: [type] },
      ...rules,
    });
    expect(created).toMatchObject({ status: 201 });
  }

  /**
   * Milliseconds from the moment an event was meant to be published until it arrived, for a round of them. In the
   * middle an event of the type `everywhere` goes to a whole crowd.
   */
  async function round(arrivals: ReceivedRequest[], everywhere: string): Promise<number[]> {
    const first = arrivals.length;
    const from = performance.now();
    const publish = (type: string, due: number) =>
      fleet.call('POST', `/v1/spaces/${fleet.space}/events`, { type, data: { due } });
    const sending: Promise<unknown>[] = [];
    const count = (ROUND_MS / 1_000) * RATE;
    for (let n = 0; n < count; n += 1) {
      const due = from + (n * 1_000) / RATE;
      await sleep(Math.max(0, due - performance.now()));
      if (n === RATE) sending.push(publish(everywhere, due));
      sending.push(publish('lead.create', due));
    }
    await Promise.all(sending);
    await eventually(() => arrivals.length >= first + count, { timeoutMs: 20_000 });
    return arrivals.slice(first).map(({ body, receivedAt }) => {
      const { data } = JSON.parse(body.toString()) as { data: { due: number } };
      return receivedAt - data.due;
    });
  }

  const p99 = (all: number[]) => all.toSorted((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1] ?? 0;
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

  it('keep no healthy endpoint waiting, get what they deserve in time, and leave nothing behind', async () => {
    const healthy = await fleet.subscribe(() => ({}), { events: ['lead.create'] });
    const urls = Object.entries(JSON.parse(hostile.stdout) as Record<string, string>);
    expect(urls.map(([habit]) => habit).toSorted()).toEqual(Object.keys(VERDICTS).toSorted());
    const well = await startReceiver(() => ({}));
    for (let n = 0; n < CROWD; n += 1) {
      const [habit, url] = urls[n % urls.length] ?? ['', ''];
      await member(`h-${habit}_${n}`, `${url}?n=${n}`, 'lead.delete');
      await member(`well_${n}`, `${well.url}?n=${n}`, 'lead.update');
    }
    const quiet: number[] = [];
    const besieged: number[] = [];
    // The same event to as many endpoints once in a round, healthy ones and hostile ones: what differs is what they do.
    // By turns, so that a noisy neighbour on this machine does not sit on one side only; the first turn warms up.
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const withHealthy = p99(await round(healthy.requests, 'lead.update'));
      const withHostile = p99(await round(healthy.requests, 'lead.delete'));
      if (turn > 0) {
        quiet.push(withHealthy);
        besieged.push(withHostile);
      }
      await sleep(TIMEOUT_MS);
    }
    await well.close();
    console.log(
      `p99 in ms, quiet: ${quiet.map(Math.round).join(' ')}; besieged: ${besieged.map(Math.round).join(' ')}`,
    );
    expect(median(besieged)).toBeLessThan(2 * median(quiet));
    await expectVerdicts();
    expect(fleet.workers[0]?.child.exitCode).toBeNull();
    for (const [member, before] of fleet.memory) {
      await eventually(async () => expect(await memoryOf(member)).toBeLessThan(before * 1.2), {
        timeoutMs: 30_000,
      });
    }
  });

  async function expectVerdicts(): Promise<void> {
    await eventually(async () => {
      const { rows } = await fleet.database.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM posthorn.deliveries WHERE event_type = 'lead.delete' AND attempt_count = 0`,
      );
      expect(rows).toEqual([{ open: 0 }]);
    });
    const { rows } = await fleet.database.query<{ habit: string; verdict: string; slowest: number }>(
      `SELECT substr(split_part(s.uid, '_', 1), 3) AS habit, coalesce(a.error_code, a.status_code::text) AS verdict,
              max(a.total_ms) AS slowest
       FROM posthorn.attempts a JOIN posthorn.deliveries d ON d.id = a.delivery_id
       JOIN posthorn.subscriptions s ON s.id = d.subscription_id
       WHERE d.event_type = 'lead.delete' GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(Object.fromEntries(rows.map(({ habit, verdict }) => [habit, verdict]))).toEqual(
      Object.fromEntries(Object.entries(VERDICTS).map(([habit, verdict]) => [habit, String(verdict)])),
    );
    expect(rows).toHaveLength(Object.keys(VERDICTS).length);
    for (const { slowest } of rows) expect(slowest).toBeLessThan(TIMEOUT_MS + 500);
  }
});
