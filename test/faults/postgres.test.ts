import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';
import { startOwnPostgres } from './own-postgres.js';

describe('PostgreSQL that fails', () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await Fleet.start();
  });
  afterEach(() => fleet.close());

  it('away for 30 s is a 503 with Retry-After at once; nothing is sent that cannot be recorded, and all goes on by itself', async () => {
    const receiver = await fleet.subscribe();
    await fleet.publishMany(50);
    await eventually(() => receiver.requests.length === 50);
    fleet.proxy.down();
    const until = performance.now() + 30_000;
    for (let n = 1_000; performance.now() < until; n += 1) {
      const event = { type: 'lead.create', id: `away-${n}`, data: {} };
      const answer = await fleet.call('POST', `/v1/spaces/${fleet.space}/events`, event);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.ms).toBeLessThan(2_000);
      await sleep(500);
    }
    expect(receiver.requests).toHaveLength(50);
    fleet.proxy.up();
    await eventually(async () => (await fleet.publish(1)) === 202, { timeoutMs: 20_000 });
    await expectNothingLost(fleet, receiver);
  });

  it('cut off in the middle of the work loses nothing', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 20 }));
    await fleet.publishMany(300);
    for (let cut = 0; cut < 5; cut += 1) {
      await sleep(100);
      fleet.proxy.cut();
    }
    await expectNothingLost(fleet, receiver);
  });

  it('that ends every connection loses nothing', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 20 }));
    const publishing = Promise.allSettled(Array.from({ length: 300 }, (_, n) => fleet.publish(n)));
    await eventually(() => receiver.requests.length > 10);
    await fleet.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await publishing;
    await eventually(async () => (await fleet.publish(1_000)) === 202, { timeoutMs: 20_000 });
    await expectNothingLost(fleet, receiver);
  });

  it('whose answers to COMMIT get lost makes each event once, with the same id for the retry', async () => {
    const receiver = await fleet.subscribe();
    fleet.proxy.breakAt({ statements: ['events_insert', 'COMMIT'], when: 'after', times: 3 });
    const lost: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      if ((await fleet.publish(n)) !== 202) lost.push(n);
    }
    expect(fleet.proxy.broken).toBe(true);
    for (const n of lost) {
      const event = { type: 'lead.create', id: `${fleet.space}-${n}`, data: { id: String(n) } };
      const again = await fleet.call<{ id: string }>('POST', `/v1/spaces/${fleet.space}/events`, event);
      expect(again.status).toBe(202);
      fleet.accepted.push(again.body.id);
    }
    expect(new Set(fleet.accepted).size).toBe(20);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(20);
  });

  it('hung for 10 s holds everything up and loses nothing', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 5 }));
    await fleet.publishMany(100);
    fleet.proxy.freeze();
    const publishing = Promise.allSettled(Array.from({ length: 50 }, (_, n) => fleet.publish(500 + n)));
    await sleep(10_000);
    fleet.proxy.up();
    await publishing;
    await expectNothingLost(fleet, receiver);
  });

  it('with every connection taken answers 503 in time, and goes on when there are some again', async () => {
    const receiver = await fleet.subscribe();
    const holder = await fleet.database.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE posthorn.subscriptions IN ACCESS EXCLUSIVE MODE');
    const list = () => fleet.call('GET', `/v1/spaces/${fleet.space}/subscriptions`);
    const stuck = Promise.all(Array.from({ length: 60 }, list));
    await sleep(500);
    const refused = await fleet.call('GET', '/v1/spaces');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.ms).toBeLessThan(7_000);
    await holder.query('ROLLBACK');
    holder.release();
    for (const { status } of await stuck) expect([200, 503]).toContain(status);
    await fleet.publishMany(50);
    await expectNothingLost(fleet, receiver);
  });
});

it('PostgreSQL restarted at once, without a goodbye and under load, loses nothing', async () => {
  const postgres = await startOwnPostgres();
  const fleet = await Fleet.start({ databaseUrl: postgres.url });
  try {
    const receiver = await fleet.subscribe(() => ({ delayMs: 5 }));
    for (let round = 0; round < 3; round += 1) {
      const seen = receiver.requests.length;
      const publishing = Promise.all(Array.from({ length: 300 }, (_, n) => fleet.publish(round * 1_000 + n)));
      await eventually(() => receiver.requests.length > seen + 20);
      postgres.crash();
      await publishing;
      await eventually(async () => (await fleet.publish(round * 1_000 + 500)) === 202, { timeoutMs: 30_000 });
    }
    await expectNothingLost(fleet, receiver);
  } finally {
    await fleet.close();
    await postgres.stop();
  }
});
