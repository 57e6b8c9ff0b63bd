import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const leads = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ type: 'lead.create', data: { n } }));

describe('an endpoint with a long backlog', () => {
  const {
    engine,
    receiver,
    tenant: slow,
  } = useStory({ workers: 0, settings: { sweepIntervalMs: 600_000 }, engineFor: 'test' });
  let quick: Tenant;
  let other: Receiver;
  beforeEach(async () => {
    quick = await Tenant.create(engine);
    other = await startReceiver();
  });
  afterEach(() => other.close());

  const database = () => engine.apis[0]?.get(Database) as Database;

  it("does not keep the sweeper from finding another endpoint's delivery", async () => {
    await slow.subscribe(receiver.url, { rateLimit: { perSecond: 1 } });
    for (let n = 0; n < 6; n += 1) await slow.send(leads(1_000));
    await quick.subscribe(other.url);
    await quick.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      const jobs = await database().source.query<object[]>('SELECT 1 FROM bullmq.job');
      expect(jobs.length).toBeGreaterThan(0);
    });
    await database().source.query('TRUNCATE bullmq.job CASCADE');
    await engine.startWorker();
    await eventually(async () => {
      await engine.sweep();
      expect(other.requests).toHaveLength(1);
    });
  });

  it("does not delay another endpoint's deliveries", async () => {
    await engine.startWorker();
    for (let n = 0; n < 3; n += 1) await slow.subscribe(receiver.url, { rateLimit: { perSecond: 1 } });
    for (let n = 0; n < 2; n += 1) await slow.send(leads(1_000));
    await quick.subscribe(other.url);
    const waits: number[] = [];
    for (let n = 1; n <= 10; n += 1) {
      const publishedAt = performance.now();
      await quick.publish({ type: 'lead.create', data: {} });
      await other.received(n);
      waits.push(performance.now() - publishedAt);
    }
    expect(Math.max(...waits)).toBeLessThan(900);
  });
});

describe('an endpoint with a rate limit', () => {
  const { tenant, receiver } = useStory();

  it('gets its requests no faster, and all of them', async () => {
    await tenant.subscribe(receiver.url, { rateLimit: { perSecond: 5 } });
    await tenant.send(leads(9));
    const requests = await receiver.received(9);
    const took = (requests[8]?.receivedAt ?? 0) - (requests[0]?.receivedAt ?? 0);
    // The first one takes longest, since it opens the connection: one distance or two may be next to nothing.
    expect(took).toBeGreaterThan(6 * 200);
    expect(took).toBeLessThan(5_000);
  });
});
