import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { backfill } from '../../migrations/online.js';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { refusals } from '../support/migration-rules.js';

/** The last one of the release before this one: upgrades start from there. */
const LAST_OF_RELEASE = 'InHand1763850000000';
const RELEASED = migrations.slice(0, migrations.findIndex(({ name }) => name === LAST_OF_RELEASE) + 1);

const ROWS = 60_000;
const FILES = `SELECT c.relname, c.relfilenode FROM pg_class c
  WHERE c.relnamespace = 'posthorn'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^(events|deliveries|attempts)_' ORDER BY 1`;
const BROKEN = `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'posthorn'::regnamespace AND NOT i.indisvalid`;
const BUILDING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active'`;

let copy: TestDatabase;
let sources: DataSource[];

beforeEach(async () => {
  copy = await createTestDatabase('template0');
  sources = [];
});

afterEach(async () => {
  for (const source of sources) if (source.isInitialized) await source.destroy();
  await copy.drop();
});

async function open(
  known: typeof migrations = migrations,
  tell?: (statement: string) => void,
): Promise<DataSource> {
  const { options } = createDataSource({ url: copy.url, entities: [] });
  const logger = { logQuery: tell, logQueryError: ignore, logQuerySlow: ignore, logSchemaBuild: ignore };
  const source = new DataSource({
    ...options,
    migrations: known,
    ...(tell && { logging: ['query'], logger: { ...logger, logMigration: ignore, log: ignore } }),
  } as typeof options);
  sources.push(source);
  await connect(source);
  return source;
}

function ignore(): void {
  // Of no interest here.
}

/** The release before, with some days' rows. */
async function released(): Promise<DataSource> {
  const source = await open(RELEASED);
  await migrate(source);
  const now = Date.now();
  await ensurePartitions(new Database(source), now);
  await source.query(
    `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
     SELECT id, id, 'lead.create', now(), '{}' FROM (SELECT (substr(h, 1, 8) || '-' || substr(h, 9) || '-7' || lpad(to_hex(n % 4096), 3, '0')
       || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id
       FROM (SELECT n, lpad(to_hex($1::bigint + (n % 3) * 86400000), 12, '0') AS h FROM generate_series(1, ${ROWS}) n) s) t`,
    [now - 86_400_000],
  );
  await source.query(
    `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
     SELECT id, space_id, id, type, space_id, 'succeeded', 'event', 6 FROM posthorn.events`,
  );
  await source.query(
    `INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
     SELECT id, 1, id, now(), 'https://example.com', '[]' FROM posthorn.events`,
  );
  return source;
}

/** Writes as an engine does until it is stopped; gives the longest time that one round took, milliseconds. */
function writing(source: DataSource): { rounds: () => number; stop: () => Promise<number> } {
  const state = { goesOn: true };
  let rounds = 0;
  let longest = 0;
  const work = (async () => {
    while (state.goesOn) {
      const id = newUuid(Date.now());
      const startedAt = performance.now();
      await source.query(
        `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data) VALUES ($1, $1, 'lead.create', now(), '{}')`,
        [id],
      );
      await source.query(
        `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts, next_attempt_at)
         VALUES ($1, $1, $1, 'lead.create', $1, 'pending', 'event', 6, now())`,
        [id],
      );
      await source.query(
        `UPDATE posthorn.deliveries SET status = 'succeeded', next_attempt_at = NULL WHERE id = $1`,
        [id],
      );
      await source.query(`SELECT FROM posthorn.subscriptions`);
      longest = Math.max(longest, performance.now() - startedAt);
      rounds += 1;
      await sleep(5);
    }
  })();
  return {
    rounds: () => rounds,
    stop: async () => {
      state.goesOn = false;
      await work;
      return longest;
    },
  };
}

async function client(): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: copy.url });
  await other.connect();
  return other;
}

it('the migrations since the last release hold nobody up while somebody reads for long, and write no large table anew', async () => {
  const before = await released();
  const files: unknown = await before.query(FILES);
  const reader = await client();
  await reader.query(
    `BEGIN; SELECT count(*) FROM posthorn.events, posthorn.subscriptions; SELECT count(*) FROM posthorn.deliveries; SELECT count(*) FROM posthorn.attempts`,
  );
  const writer = writing(before);
  const statements: string[] = [];
  const migrating = migrate(await open(migrations, (statement) => statements.push(statement)));
  await eventually(() => statements.length > 0 && writer.rounds() > 100);
  await reader.query('COMMIT');
  await reader.end();
  await migrating;
  const rounds = writer.rounds();
  await eventually(() => writer.rounds() > rounds + 5);

  expect(await writer.stop()).toBeLessThan(1_000);
  expect(await before.query(FILES)).toEqual(files);
  expect(await before.query(BROKEN)).toEqual([]);
  expect(refusals(statements)).toEqual([]);
});

it.each([
  `CREATE INDEX wrong ON posthorn.deliveries (space_id)`,
  `CREATE UNIQUE INDEX wrong
     ON posthorn.attempts (id)`,
  `ALTER TABLE posthorn.events ADD COLUMN size integer GENERATED ALWAYS AS (length(data)) STORED`,
  `ALTER TABLE posthorn.deliveries ALTER COLUMN schedule_step TYPE bigint`,
  `ALTER TABLE posthorn.deliveries ADD COLUMN made_at timestamptz DEFAULT clock_timestamp()`,
  `ALTER TABLE posthorn.deliveries ALTER COLUMN last_error SET NOT NULL`,
  `ALTER TABLE posthorn.attempts ADD CONSTRAINT positive CHECK (n > 0)`,
  `UPDATE posthorn.deliveries SET last_error = NULL`,
  `LOCK TABLE posthorn.events IN ACCESS EXCLUSIVE MODE`,
])('a migration may not do this to a table that can be large: %s', (statement) => {
  expect(refusals([statement])).toHaveLength(1);
});

it.each([
  `CREATE INDEX fine ON posthorn.subscriptions (space_id)`,
  `CREATE INDEX fine ON ONLY posthorn.deliveries (space_id)`,
  `CREATE INDEX CONCURRENTLY fine ON posthorn.deliveries_20310510 (space_id)`,
  `ALTER TABLE posthorn.deliveries ADD COLUMN owner uuid`,
  `ALTER TABLE posthorn.deliveries ADD COLUMN size integer NOT NULL DEFAULT 0`,
  `ALTER TABLE posthorn.attempts ADD CONSTRAINT positive CHECK (n > 0) NOT VALID`,
  `CREATE TABLE posthorn.event_expiries (event_id uuid PRIMARY KEY)`,
])('a migration may do this: %s', (statement) => {
  expect(refusals([statement])).toEqual([]);
});

it('processes that boot at once migrate once', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => open()));
  await Promise.all(all.map(migrate));
  const names = await all[0]?.query<{ name: string }[]>(
    'SELECT name FROM posthorn.migrations ORDER BY timestamp',
  );
  expect(names?.map(({ name }) => name)).toEqual(migrations.map((Migration) => new Migration().name));
});

it('one that dies while it builds an index leaves the rest to the next', async () => {
  const before = await released();
  const reader = await client();
  // A build waits for whoever has looked.
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
  const killed = migrate(await open()).catch((error: unknown) => (error as Error).message);
  let pid = 0;
  await eventually(async () => {
    const [row] = await before.query<{ pid: number }[]>(BUILDING);
    pid = row?.pid ?? 0;
    return pid !== 0;
  });
  await before.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
  expect(await killed).toMatch(/terminat/i);
  expect(await before.query(BROKEN)).not.toEqual([]);
  await reader.query('COMMIT');
  await reader.end();

  const next = await open();
  await migrate(next);
  expect(await next.query(BROKEN)).toEqual([]);
});

describe('a backfill', () => {
  const SLICE = `WITH next AS (SELECT n FROM filled WHERE n > $1::int ORDER BY n LIMIT $2)
    , done AS (UPDATE filled f SET times = times + 1 FROM next WHERE f.n = next.n)
    SELECT max(n)::text AS position FROM next`;
  let runner: QueryRunner;

  beforeEach(async () => {
    const source = await open();
    await migrate(source);
    runner = source.createQueryRunner();
    await runner.query(`CREATE TABLE filled AS SELECT n, 0 AS times FROM generate_series(1, 950) n`);
  });

  afterEach(() => runner.release());

  const fill = (slice = SLICE) => backfill(runner, { name: 'test', slice, start: '0', rows: 100 });
  const times = () => runner.query('SELECT times, count(*)::int FROM filled GROUP BY times ORDER BY times');

  it('that is cut short goes on where it stopped, and does nothing twice', async () => {
    const broken = SLICE.replace('max(n)', 'max(n / CASE WHEN $1::int = 500 THEN 0 ELSE 1 END)');
    await expect(fill(broken)).rejects.toThrow('division by zero');
    expect(await times()).toEqual([
      { times: 0, count: 450 },
      { times: 1, count: 500 },
    ]);
    await fill();
    await fill();
    expect(await times()).toEqual([{ times: 1, count: 950 }]);
  });
});
