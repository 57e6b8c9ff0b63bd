import { eventually } from '../support/condition.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { DumpablePostgres } from './dumpable-postgres.js';
import { SingleEngine } from './single-engine.js';

describe('a dump that is taken under load', () => {
  let postgres: DumpablePostgres;
  let engine: SingleEngine;
  let receiver: Receiver;
  let isSlow: boolean;
  beforeEach(async () => {
    postgres = await DumpablePostgres.start();
    await postgres.query('postgres', 'CREATE DATABASE original');
    // The name that the sessions have is the operator's business.
    engine = await SingleEngine.start({
      databaseUrl: `${postgres.url('original')}?application_name=billing`,
    });
    isSlow = false;
    receiver = await startReceiver(() => (isSlow ? { delayMs: 20_000 } : {}));
  });
  afterEach(async () => {
    await engine.kill();
    await receiver.close();
    await postgres.stop();
  });

  const statuses = (database: string) =>
    postgres.query<{ status: string; count: number }>(
      database,
      'SELECT status, count(*)::int AS count FROM posthorn.deliveries GROUP BY status ORDER BY status',
    );

  it('runs where it is restored: what was leased by anybody is sent within seconds, nothing is lost, and what was delivered is not sent again', async () => {
    await engine.subscribe(receiver.url);
    const delivered = await engine.publish(500);
    await receiver.received(500, 60_000);
    await eventually(async () =>
      expect(await statuses('original')).toEqual([{ status: 'succeeded', count: 500 }]),
    );
    isSlow = true;
    const before = await engine.publish(300, { atOnce: 300 });
    const copy = { isDone: false };
    const copying = postgres.copy('original', 'restored').finally(() => (copy.isDone = true));
    do await engine.publish(50, { atOnce: 50 });
    while (!copy.isDone);
    await copying;
    const open = await statuses('restored');
    expect(open.find(({ status }) => status === 'pending')?.count).toBeGreaterThanOrEqual(before.length);

    isSlow = false;
    const seen = receiver.requests.length;
    const other = await engine.elsewhere(postgres.url('restored'));
    try {
      const startedAt = performance.now();
      await eventually(
        async () => expect((await statuses('restored')).map(({ status }) => status)).toEqual(['succeeded']),
        { timeoutMs: 20_000 },
      );
      console.log(
        `all sent ${Math.round(performance.now() - startedAt)} ms after the start on the restored database`,
      );
      const sent = new Set(receiver.requests.slice(seen).map(({ headers }) => String(headers['webhook-id'])));
      expect(before.filter((id) => !sent.has(id))).toEqual([]);
      // What had been delivered by then is not sent once more.
      expect(delivered.filter((id) => sent.has(id))).toEqual([]);
      const [fresh = ''] = await other.publish(1);
      await eventually(() =>
        expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(fresh),
      );
    } finally {
      await other.kill();
    }
  });
});
