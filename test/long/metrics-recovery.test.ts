import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Database } from '../../src/database/database.js';
import { Expirer } from '../../src/dispatcher/upkeep/expirer.js';
import { FleetMetricsService } from '../../src/system/fleet-metrics.service.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { NodeProcess } from '../support/node-process.js';
import { Scrape } from '../support/scrape.js';
import { useStory } from '../support/story.js';

const SECOND = 1_000;
const LEASE_MS = 60 * SECOND;
const LEAD = { type: 'lead.create', data: {} };

describe('metrics of what goes wrong and recovers', () => {
  const clock = new ManualClock();
  let status: number;
  const { engine, tenant, receiver } = useStory({
    clock,
    workers: 0,
    // The tests sweep themselves.
    settings: { sweepIntervalMs: 600_000, shutdownGraceMs: 200 },
    engineFor: 'test',
    answer: () => ({ status }),
  });
  beforeEach(() => (status = 200));

  const query = async (text: string, values: unknown[] = []): Promise<unknown> =>
    engine.apis[0]?.get(Database).source.query(text, values);
  const scrape = () => Scrape.of(engine.url);
  /** Does it, again where it must be, until each sample has grown by as much since `before`. */
  const grown = (before: Scrape, by: Record<string, number>, work: () => Promise<unknown> = scrape) =>
    eventually(
      async () => {
        await work();
        const now = await scrape();
        const grew = Object.fromEntries(Object.keys(by).map((sample) => [sample, now.since(before, sample)]));
        expect(grew).toEqual(by);
      },
      { timeoutMs: 20_000 },
    );
  const heldAre = (count: number) =>
    eventually(async () => expect(await tenant.deliveries('?status=held')).toHaveLength(count));

  it('count probes by their outcome, and resumes by them; the log has a line for each', async () => {
    const lines: { msg: string; outcome?: string }[] = [];
    const keep = (line: { msg: string }) => void lines.push(line);
    await engine.startWorker();
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
    try {
      status = 500;
      const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
      await tenant.publish(LEAD);
      await heldAre(1);
      const before = await scrape();
      clock.advance(10 * SECOND);
      await engine.sweep();
      await grown(before, { 'probes_total{outcome="failed"}': 1, 'probes_total{outcome="succeeded"}': 0 });
      await heldAre(1);
      status = 200;
      clock.advance(30 * SECOND);
      await engine.sweep();
      await grown(before, {
        'probes_total{outcome="failed"}': 1,
        'probes_total{outcome="succeeded"}': 1,
        'endpoint_resumes_total{reason="probe"}': 1,
        'endpoint_resumes_total{reason="manual"}': 0,
      });
      const probes = lines.filter(({ msg }) => msg === 'subscription.probed');
      expect(probes).toMatchObject([
        { subscription: id, outcome: 'failed', status: 500, error: 'http_500' },
        { subscription: id, outcome: 'succeeded', status: 200, error: null },
      ]);
    } finally {
      Logger.overrideLogger(false);
    }
  });

  it('count what only the sweeper found, by what had become of it', async () => {
    await tenant.subscribe(receiver.url);
    const found = (kind: string) => ({ [`sweeper_found_total{kind="${kind}"}`]: 1 });
    const before = await scrape();
    await tenant.publish(LEAD);
    await query('UPDATE posthorn.deliveries SET lease = $1, lease_until = $2', [
      randomUUID(),
      new Date(clock.now() + LEASE_MS),
    ]);
    await engine.startWorker();
    clock.advance(LEASE_MS);
    // On a busy machine some sweeps leave leases alone.
    await grown(before, { ...found('reclaimed'), attempts_interrupted_total: 1 }, () => engine.sweep());
    await receiver.received(1);

    await engine.stopWorkers();
    const { id } = await tenant.publish(LEAD);
    await eventually(async () => expect(await query('SELECT 1 FROM bullmq.job')).not.toEqual([]));
    await query('TRUNCATE bullmq.job CASCADE');
    await engine.startWorker();
    clock.advance(SECOND);
    const beforeMissed = await scrape();
    await engine.sweep();
    await grown(beforeMissed, found('missed'));
    await receiver.received(2);

    await eventually(async () =>
      expect(await tenant.deliveries(`?event=${id}&status=succeeded`)).toHaveLength(1),
    );
    await query(
      `UPDATE posthorn.deliveries SET status = 'held', finished_at = NULL WHERE event_id::text = $1`,
      [dashed(id)],
    );
    const beforeOrphaned = await scrape();
    await engine.sweep();
    await grown(beforeOrphaned, found('orphaned'));
  });

  it('count the loss of all leases of a worker that others took for dead', async () => {
    await engine.startWorker();
    const before = await scrape();
    await query('UPDATE posthorn.workers SET ended_at = clock_timestamp()');
    await grown(before, { lease_losses_total: 1 });
  });

  it('count deliveries that had expired when they were published, or before they were sent', async () => {
    await tenant.subscribe(receiver.url);
    const before = await scrape();
    await tenant.publish({ ...LEAD, expiresAt: new Date(clock.now() - SECOND).toISOString() });
    await grown(before, { 'deliveries_finished_total{outcome="expired"}': 1 });
    // Its job waits until there is a worker.
    await tenant.publish({ ...LEAD, ttlSeconds: 20 });
    clock.advance(21 * SECOND);
    await engine.startWorker();
    await grown(before, { 'deliveries_finished_total{outcome="expired"}': 2 });
    expect(receiver.requests).toHaveLength(0);
  });

  it('count deliveries that expired', async () => {
    await engine.startWorker();
    const { id } = await tenant.subscribe(receiver.url);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish({ ...LEAD, ttlSeconds: 20 });
    await tenant.publish({ ...LEAD, ttlSeconds: 20 });
    const before = await scrape();
    clock.advance(21 * SECOND);
    await engine.workers[0]?.get(Expirer).events();
    await grown(before, {
      'deliveries_finished_total{outcome="expired"}': 2,
      'deliveries_finished_total{outcome="failed"}': 0,
    });
  });
});

describe('the metrics of the whole fleet', () => {
  const { engine } = useStory({ workers: 0, engineFor: 'test' });
  const others: NodeProcess[] = [];
  afterEach(async () => {
    for (const other of others.splice(0)) {
      other.kill('SIGKILL');
      await other.ended;
    }
  });

  async function startOther(): Promise<{ process: NodeProcess; url: string }> {
    const other = NodeProcess.run('dist/src/main.js', [], {
      DATABASE_URL: engine.settings.databaseUrl,
      PORT: '0',
      POSTHORN_ROLE: 'api',
      POSTHORN_ADMIN_KEY: 'phk_admin_0123456789abcdef',
      POSTHORN_ENCRYPTION_KEYS: engine.settings.encryptionKeys.join(','),
    });
    others.push(other);
    const url = await eventually(() => /listens on (\S+)/.exec(other.stdout)?.[1] ?? null, {
      timeoutMs: 25_000,
    });
    return { process: other, url };
  }

  const isShownAt = async (url: string) => (await Scrape.of(url)).value('workers_alive') !== undefined;
  const isShownHere = () => {
    engine.apis[0]?.get(FleetMetricsService, { strict: false }).expire();
    return isShownAt(engine.url);
  };

  it('are shown by the first that is scraped, and by another when that was killed and its time is over', async () => {
    const other = await startOther();
    expect(await isShownAt(other.url)).toBe(true);
    expect(await isShownHere()).toBe(false);
    other.process.kill('SIGKILL');
    await other.process.ended;
    expect(await isShownHere()).toBe(false);
    // Two minutes pass.
    await engine.apis[0]
      ?.get(Database)
      .source.query(
        `UPDATE posthorn.rate_limits SET at = at - interval '131 seconds' WHERE key = 'metrics:fleet'`,
      );
    expect(await isShownHere()).toBe(true);
    // Whoever comes back does not take them away again.
    const back = await startOther();
    expect(await isShownAt(back.url)).toBe(false);
    expect(await isShownHere()).toBe(true);
  });

  it('are left to another at once by a process that stops', async () => {
    const other = await startOther();
    expect(await isShownAt(other.url)).toBe(true);
    expect(await isShownHere()).toBe(false);
    other.process.kill('SIGTERM');
    expect(await other.process.ended).toBe(0);
    expect(await isShownHere()).toBe(true);
  });

  it('are not shown twice in one process by two containers', () => {
    const metrics = new ProcessMetrics({ ofProcess: false });
    metrics.fleet.from(() => Promise.resolve(null));
    metrics.fleet.from(() => Promise.reject(new Error('The second source was asked.')));
    return expect(metrics.render()).resolves.toMatchObject({
      text: expect.not.stringMatching(/^posthorn_workers_alive /m) as string,
    });
  });
});

/** `evt_` and 32 digits as a UUID. */
function dashed(id: string): string {
  return id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
