/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { CertificateWatch } from '../../src/dispatcher/upkeep/certificate-watch.js';
import { Expirer } from '../../src/dispatcher/upkeep/expirer.js';
import { Sweeper } from '../../src/dispatcher/upkeep/sweeper.js';
import { noteCertificates } from '../../src/endpoints/certificates.js';
import { eventually, staysSo } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine, tenant, receiver } = useStory({
  settings: { sweepIntervalMs: 50 },
  engineFor: 'test',
  answer: () => ({ status: 500 }),
});

afterEach(() => void Logger.overrideLogger(false));

/** The log lines of a kind, from now on. */
function linesOf(kind: string): unknown[] {
  const lines: unknown[] = [];
  const keep = (line: unknown) => {
    if ((line as { msg?: string }).msg === kind) lines.push(line);
  };
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  return lines;
}

/** From now on each transaction that writes the table fails when it is committed. Gives the end of that. */
async function refuseCommits(table: string): Promise<() => Promise<void>> {
  await run(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON posthorn.${table} DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse()`);
  return () => run(`DROP TRIGGER refuse ON posthorn.${table}`);
}

async function run(statements: string): Promise<void> {
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  try {
    await database.query(statements);
  } finally {
    await database.end();
  }
}

/** Runs `work` while nothing else can read the table. */
async function whileLocked(
  table: string,
  work: (waiting: () => Promise<number>, isSweeping: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  try {
    await database.query(`BEGIN; LOCK TABLE posthorn.${table} IN ACCESS EXCLUSIVE MODE`);
    const waiting = async () => {
      const { rows } = await database.query(
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'posthorn.${table}'::regclass`,
      );
      return rows.length;
    };
    const isSweeping = async () => {
      const { rows } = await database.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7340021 AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.length > 0;
    };
    await work(waiting, isSweeping);
    await database.query('ROLLBACK');
  } finally {
    await database.end();
  }
}

it('a search for expired events that takes long is not started once more at each interval', async () => {
  await whileLocked('event_expiries', async (waiting) => {
    await eventually(async () => (await waiting()) > 0);
    await staysSo(async () => (await waiting()) <= 1, {
      forMs: 500,
      because: 'each further interval of 50 ms would begin another search',
    });
  });
});

it('a stop waits for a sweep that began some intervals before', async () => {
  const sweeper = engine.workers[0]?.get(Sweeper) as Sweeper;
  let isStopped = false;
  let stopping: Promise<void> | undefined;
  await whileLocked('deliveries', async (waiting, isSweeping) => {
    await eventually(async () => (await waiting()) > 0 && (await isSweeping()));
    const later = jest.spyOn(sweeper, 'sweep');
    await eventually(() => later.mock.results.length > 1);
    expect(await later.mock.results[1]?.value).toBe(false);
    stopping = sweeper.beforeApplicationShutdown().then(() => void (isStopped = true));
    await staysSo(() => !isStopped, { forMs: 200, because: 'the first sweep still waits for the table' });
  });
  await stopping;
  expect(isStopped).toBe(true);
});

it('what a sweep found is found and counted by the next one when its transaction failed', async () => {
  const sweeper = engine.workers[0]?.get(Sweeper) as Sweeper;
  const sweep = () => Sweeper.prototype.sweep.call(sweeper, 0);
  // Only those of this test.
  jest.spyOn(sweeper, 'sweep').mockResolvedValue(true);
  const missed = async () => {
    const { values } = await engine.metrics.counters.sweeperFound.get();
    return values.find(({ labels }) => labels.kind === 'missed')?.value ?? 0;
  };
  const paused = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
  await tenant.subscribe(receiver.url, { retrySchedule: [600], pauseAfter: null });
  await tenant.publish({ type: 'lead.create', data: {} });
  await eventually(async () => (await tenant.subscription(paused.id)).status === 'paused');
  await eventually(async () => (await tenant.deliveries()).every(({ attemptCount }) => attemptCount === 1));
  const before = await missed();
  // The sweep also sends a probe: its transaction fails when that is committed.
  await run(`
    UPDATE posthorn.deliveries SET next_attempt_at = now() WHERE status = 'pending';
    UPDATE posthorn.subscriptions SET next_probe_at = now() WHERE status = 'paused'`);
  const accept = await refuseCommits('subscriptions');
  await expect(sweep()).rejects.toThrow('refused');
  expect(await missed()).toBe(before);
  await accept();
  expect(await sweep()).toBe(true);
  // Without a grace period the probe is due as well.
  expect(await missed()).toBe(before + 2);
});

it('held deliveries that expired are counted and logged when that is committed', async () => {
  const expirer = engine.workers[0]?.get(Expirer) as Expirer;
  const look = () => Expirer.prototype.held.call(expirer);
  // Only those of this test.
  jest.spyOn(expirer, 'held').mockResolvedValue();
  const expired = async () => {
    const { values } = await engine.metrics.counters.deliveriesFinished.get();
    return values.find(({ labels }) => labels.outcome === 'expired')?.value ?? 0;
  };
  const { id } = await tenant.subscribe(receiver.url, { heldMax: 1 });
  await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
  for (let n = 0; n < 3; n += 1) await tenant.publish({ type: 'lead.create', data: {} });
  const before = await expired();
  const lines = linesOf('held.expired');
  const accept = await refuseCommits('deliveries');
  await eventually(() => expect(look()).rejects.toThrow('refused'));
  expect([lines, await expired()]).toEqual([[], before]);
  await accept();
  await eventually(async () => {
    await look();
    expect(await expired()).toBe(before + 2);
  });
  expect(lines).toEqual([expect.objectContaining({ subscription: id, deliveries: 2 })]);
});

it('a certificate that expires soon is logged when the notice is committed', async () => {
  const worker = engine.workers[0];
  const watch = worker?.get(CertificateWatch) as CertificateWatch;
  const { id } = await tenant.subscribe(receiver.url);
  const seen = {
    subscriptionId: parsePublicId('sub', id) as string,
    validTo: new Date(Date.now() + 86_400_000),
  };
  await noteCertificates((worker?.get(Database) as Database).sql, [seen], new Date());
  const lines = linesOf('certificate.expiring');
  const accept = await refuseCommits('rate_limits');
  await expect(watch.look()).rejects.toThrow('refused');
  expect(lines).toEqual([]);
  await accept();
  await watch.look();
  expect(lines).toEqual([expect.objectContaining({ subscription: id })]);
});

it('sweeps that fail one after the other write one line', async () => {
  const sweeper = engine.workers[0]?.get(Sweeper) as Sweeper;
  const lines = linesOf('sweep.failed');
  const sweep = jest.spyOn(sweeper, 'sweep');
  await run('ALTER TABLE posthorn.deliveries RENAME TO away');
  await eventually(async () => {
    const ends = await Promise.allSettled(sweep.mock.results.map(({ value }) => value as Promise<boolean>));
    return ends.filter(({ status }) => status === 'rejected').length > 3;
  });
  expect(lines).toHaveLength(1);
  await run('ALTER TABLE posthorn.away RENAME TO deliveries');
});

it('an attempt that the database refuses is written without what was said, and holds up no other', async () => {
  await run(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'character_not_in_repertoire'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON posthorn.attempts FOR EACH ROW
      WHEN (NEW.url LIKE '%/refused' AND NEW.response_body IS NOT NULL) EXECUTE FUNCTION refuse()`);
  receiver.answer = () => ({ status: 500, body: 'no' });
  await tenant.subscribe(`${receiver.url}/refused`, { retrySchedule: [] });
  await tenant.subscribe(receiver.url, { retrySchedule: [] });
  await tenant.publish({ type: 'lead.create', data: {} });
  await eventually(async () =>
    expect(await tenant.deliveries()).toMatchObject(
      Array.from({ length: 2 }, () => ({ status: 'failed', attemptCount: 1, lastError: 'http_500' })),
    ),
  );
});
