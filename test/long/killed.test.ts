import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { eventually, staysSo } from '../support/condition.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SingleEngine } from '../faults/single-engine.js';

const SPACES = 2_000;
const AT_ONCE = { forMs: 1_000, because: 'a second delivery would follow at once' };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let engine: SingleEngine;
let receiver: Receiver;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await startReceiver();
  engine = await SingleEngine.start({ databaseUrl: database.url });
}, 60_000);

afterEach(async () => {
  await engine.kill();
  await receiver.close();
  await database.drop();
});

it('an event with deliverAt is delivered once and not early by the process after the one that was killed', async () => {
  await engine.subscribe(receiver.url);
  const deliverAt = Date.now() + 15_000;
  await engine.ok('POST', engine.path('/events'), {
    ...{ type: 'lead.create', data: {}, deliverAt: new Date(deliverAt).toISOString() },
  });
  await engine.kill();
  await engine.revive();
  expect(Date.now()).toBeLessThan(deliverAt);
  await receiver.received(1, 30_000);
  expect(Date.now()).toBeGreaterThanOrEqual(deliverAt);
  await staysSo(() => expect(receiver.requests).toHaveLength(1), AT_ONCE);
}, 60_000);

it('an event whose time came while no process ran is delivered once by the next one', async () => {
  await engine.subscribe(receiver.url);
  const deliverAt = Date.now() + 1_000;
  await engine.ok('POST', engine.path('/events'), {
    ...{ type: 'lead.create', data: {}, deliverAt: new Date(deliverAt).toISOString() },
  });
  await engine.kill();
  await eventually(() => Date.now() > deliverAt);
  await engine.revive();
  await receiver.received(1);
  await staysSo(() => expect(receiver.requests).toHaveLength(1), AT_ONCE);
}, 60_000);

it('a broadcast goes on after each kill, and every space has its event once', async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  // Made in SQL, which the API would make one by one.
  await client.query(
    `INSERT INTO posthorn.spaces (id, name, profile, tags, created_at, updated_at)
     SELECT overlay(gen_random_uuid()::text placing '00' from 1 for 2)::uuid, 'space ' || n, 'native', '{all}', now(), now()
     FROM generate_series(1, ${SPACES}) n`,
  );
  const broadcast = await engine.ok<{ id: string; spaces: number }>('POST', '/v1/broadcasts', {
    event: { type: 'lead.create', data: { n: 1 }, id: 'note' },
    tag: 'all',
  });
  expect(broadcast.spaces).toBe(SPACES);
  const progress = () =>
    engine.ok<{ published: number; finishedAt: string | null }>('GET', `/v1/broadcasts/${broadcast.id}`);
  let kills = 0;
  for (;;) {
    const { published, finishedAt } = await progress();
    if (finishedAt) break;
    if (published > kills * 500) {
      await engine.kill();
      kills += 1;
      await engine.revive();
    }
  }
  expect(kills).toBeGreaterThan(0);
  expect(await progress()).toMatchObject({
    status: 'completed',
    published: SPACES,
    skipped: 0,
    failed: 0,
  });
  const { rows } = await client.query<{ spaces: string; events: string }>(
    `SELECT count(DISTINCT space_id) AS spaces, count(*) AS events FROM posthorn.events`,
  );
  expect(rows).toEqual([{ spaces: String(SPACES), events: String(SPACES) }]);
  await client.end();
}, 120_000);
