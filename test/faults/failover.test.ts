import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { refusedPort } from '../support/receiver.js';
import { DebianPostgres } from './debian-postgres.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';

const HOST = '127.0.0.1';

/** What happens to the primary, before the standby is promoted. */
const FAILURES: [name: string, fail: (primary: DebianPostgres) => void][] = [
  ['crashes', (primary) => primary.stop('immediate')],
  ['is stopped', (primary) => primary.stop('fast')],
  [
    'takes no writes any more',
    (primary) => {
      primary.sql('ALTER SYSTEM SET default_transaction_read_only = on');
      primary.sql('SELECT pg_reload_conf()');
    },
  ],
];

describe('a standby that is promoted', () => {
  let primary: DebianPostgres;
  let standby: DebianPostgres;
  let fleet: Fleet;
  beforeEach(async () => {
    primary = DebianPostgres.start({ host: HOST, port: await refusedPort() });
    standby = primary.standby({ host: HOST, port: await refusedPort() });
    // What is committed is on both, so that nothing that was accepted may be missing.
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    primary.sql('SELECT pg_reload_conf()');
    const hosts = [primary, standby].map(({ options }) => `${options.host}:${options.port}`).join(',');
    const several = `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`;
    fleet = await Fleet.start({ databaseUrl: standby.url, env: { DATABASE_URL: several } });
  }, 120_000);
  afterEach(async () => {
    await fleet.close();
    primary.remove();
    standby.remove();
  });

  it.each(FAILURES)(
    'after its primary %s takes over within seconds: nothing is lost, and nothing is there twice',
    async (name, fail) => {
      const receiver = await fleet.subscribe(() => ({ delayMs: 5 }));
      const ids = new Set<number>();
      const load = { isOver: false };
      const send = async (n: number) => {
        ids.add(n);
        while ((await fleet.publish(n)) !== 202) await sleep(100);
      };
      const sent = (async () => {
        const sending: Promise<void>[] = [];
        for (let n = 0; !load.isOver; n += 1) {
          sending.push(send(n));
          await sleep(20);
        }
        await Promise.all(sending);
      })();
      await eventually(() => receiver.requests.length > 50);
      fail(primary);
      const failedAt = performance.now();
      await eventually(async () => (await fleet.call('GET', '/readyz')).status === 503);
      const seen = performance.now();
      standby.promote();
      standby.sql("ALTER SYSTEM SET synchronous_standby_names = ''");
      standby.sql('SELECT pg_reload_conf()');
      const promotedAt = performance.now();
      await eventually(async () => (await fleet.publish(1_000_000)) === 202, { timeoutMs: 30_000 });
      const backAfter = performance.now() - promotedAt;
      ids.add(1_000_000);
      await eventually(async () => (await fleet.call('GET', '/readyz')).status === 200);
      load.isOver = true;
      await sent;
      console.log(
        `primary ${name}: /readyz 503 after ${Math.round(seen - failedAt)} ms, the first 202 ${Math.round(backAfter)} ms after the promotion`,
      );
      expect(backAfter).toBeLessThan(10_000);
      expect(new Set(fleet.accepted).size).toBe(ids.size);
      await expectNothingLost(fleet, receiver, { kills: 0 });
      const { rows } = await fleet.database.query<{ events: number }>(
        `SELECT count(DISTINCT event_id)::int AS events FROM posthorn.deliveries d WHERE status = 'succeeded'`,
      );
      expect(rows[0]?.events).toBeGreaterThanOrEqual(ids.size);
    },
  );
});
