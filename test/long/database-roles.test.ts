import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { NodeProcess } from '../support/node-process.js';
import { Program } from '../support/program.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SystemPostgres } from '../support/system-postgres.js';

const KEY = 'phk_admin_0123456789abcdef';

let postgres: SystemPostgres;
let receiver: Receiver;
const running: NodeProcess[] = [];
beforeAll(async () => {
  postgres = await SystemPostgres.start();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const main of running.splice(0)) {
    main.kill('SIGKILL');
    await main.ended;
  }
  await receiver.close();
});

function start(url: string): NodeProcess {
  const main = NodeProcess.run('dist/src/main.js', [], {
    DATABASE_URL: url,
    PORT: '0',
    POSTHORN_ADMIN_KEY: KEY,
    POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
  });
  running.push(main);
  return main;
}

/** Publishes and delivers, pauses and resumes, erases an event, deletes the space. */
async function works(main: NodeProcess): Promise<void> {
  const url = await eventually(
    () => {
      if (main.child.exitCode !== null) throw new Error(main.stdout + main.stderr);
      return /listens on (\S+)/.exec(main.stdout)?.[1] ?? null;
    },
    { timeoutMs: 30_000 },
  );
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  };
  await call('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
  await call('POST', '/v1/spaces/acme/subscriptions', { url: receiver.url, uid: 'sub' });
  const publish = () =>
    call('POST', '/v1/spaces/acme/events', {
      type: 'lead.create',
      data: {},
      id: randomBytes(8).toString('hex'),
    });
  await Promise.all(Array.from({ length: 20 }, publish));
  await receiver.received(20, 20_000);
  await call('POST', '/v1/spaces/acme/subscriptions/sub/pause');
  await publish();
  await call('POST', '/v1/spaces/acme/subscriptions/sub/resume');
  await receiver.received(21, 20_000);
  await call('GET', '/readyz');
  const { data } = JSON.parse(await call('GET', '/v1/spaces/acme/events?limit=1')) as {
    data: { id: string }[];
  };
  const event = `/v1/spaces/acme/events/${data[0]?.id}`;
  await call('POST', '/v1/spaces/acme/erasures', { events: [data[0]?.id] });
  await eventually(
    async () => expect(JSON.parse(await call('GET', event))).toMatchObject({ data: null, removed: {} }),
    {
      timeoutMs: 20_000,
    },
  );
  await call('DELETE', '/v1/spaces/acme');
}

async function migrate(url: string, ...args: string[]): Promise<{ code: unknown; output: string }> {
  const program = Program.run('cli/posthorn.js', { DATABASE_URL: url }, tmpdir(), ['migrate', ...args]);
  const code = await program.ended;
  return { code, output: program.output };
}

/** A new database and two roles, of which the first owns it. */
async function databaseOf(owner: string, other?: string): Promise<string> {
  const name = `db_${owner}`;
  for (const role of [owner, other]) if (role) await postgres.sql(`CREATE ROLE ${role} LOGIN`);
  await postgres.sql(`CREATE DATABASE ${name} OWNER ${owner}`);
  await postgres.sql(
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO PUBLIC`,
  );
  return name;
}

describe('on the PostgreSQL of Debian', () => {
  it('works with a role that owns one database and may do nothing else', async () => {
    const name = await databaseOf('owning');
    await works(start(postgres.url(name, 'owning')));
  }, 90_000);

  it('works with a role that may create nothing in the database but what is in two schemas that were made for it', async () => {
    const name = await databaseOf('landlord', 'tenant');
    await postgres.sql(
      'CREATE SCHEMA posthorn AUTHORIZATION tenant; CREATE SCHEMA bullmq AUTHORIZATION tenant',
      name,
    );
    await works(start(postgres.url(name, 'tenant')));
  }, 90_000);

  it('serves with a role that may only read and write rows, after another one has migrated', async () => {
    const name = await databaseOf('migrating', 'serving');
    const before = await postgres.sql<{ count: number }>(TABLES, name);
    expect(await migrate(postgres.url(name, 'migrating'), '--check')).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^The database is behind this release\. Run posthorn migrate: Spine\d+, .*, bullmq 0 to \d+\.\n$/,
      ) as string,
    });
    const dryRun = await migrate(postgres.url(name, 'migrating'), '--dry-run');
    expect(dryRun).toMatchObject({
      code: 0,
      output: expect.stringContaining('CREATE TABLE posthorn.spaces') as string,
    });
    expect(await postgres.sql(TABLES, name)).toEqual(before);

    // It may not migrate, and says who should.
    const tooEarly = start(postgres.url(name, 'serving'));
    expect(await tooEarly.ended).toBe(1);
    expect(tooEarly.stdout + tooEarly.stderr).toMatch(
      /schema is behind this release, and the role "serving" may not change it: permission denied .* Run posthorn migrate with a role that owns/,
    );

    expect(await migrate(postgres.url(name, 'migrating'))).toEqual({
      code: 0,
      output: 'The database is up to date.\n',
    });
    for (const schema of ['posthorn', 'bullmq']) await postgres.sql(grants(schema), name);
    expect(await migrate(postgres.url(name, 'migrating'), '--check')).toEqual({
      code: 0,
      output: 'The database is up to date.\n',
    });
    const main = start(postgres.url(name, 'serving'));
    await works(main);
    // The rows are in the partitions of their days that the migration made.
    const client = new pg.Client(postgres.url(name));
    await client.connect();
    expect((await client.query(`SELECT count(*)::int AS count FROM posthorn.attempts_default`)).rows).toEqual(
      [{ count: 0 }],
    );
    await client.end();
    expect(main.stdout).toContain('partitions.not_owner');
    expect(main.stdout).not.toContain('permission denied');
  }, 120_000);

  it('refuses a schema that is newer than it knows, unless that says that it may work on it', async () => {
    const name = await databaseOf('newest');
    const url = postgres.url(name, 'newest');
    expect((await migrate(url)).code).toBe(0);
    const newer = (worksFrom: string) =>
      postgres.sql(
        `INSERT INTO posthorn.migrations (timestamp, name, release, works_from) VALUES (2000000000000, 'Newer2000000000000', '9.1.0', ${worksFrom})`,
        name,
      );
    const refusal =
      /^The database's schema is newer than this release, \d+\.\d+\.\d+: it has had the migration Newer2000000000000 of Posthorn 9\.1\.0\. Start Posthorn 9\.0\.0 or a newer one\. To stay with \d+\.\d+\.\d+, restore the backup from before the upgrade\.\n$/;
    await newer(`'9.0.0'`);
    for (const args of [[], ['--check'], ['--dry-run']])
      expect(await migrate(url, ...args)).toEqual({
        code: 1,
        output: expect.stringMatching(refusal) as string,
      });
    const main = start(url);
    expect(await main.ended).toBe(1);
    expect(main.stdout + main.stderr).toContain("The database's schema is newer than this release");

    // The release after this one says with its migrations that this one works beside it.
    await postgres.sql(`UPDATE posthorn.migrations SET works_from = '0.1.0' WHERE release = '9.1.0'`, name);
    expect(await migrate(url, '--check')).toEqual({ code: 0, output: 'The database is up to date.\n' });
    await works(start(url));
  }, 120_000);
});

const TABLES = `SELECT count(*)::int AS count FROM pg_class`;

/** As docs/operating.md has it. */
function grants(schema: string): string {
  return `
    GRANT USAGE ON SCHEMA ${schema} TO serving;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO serving;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO serving;
    ALTER DEFAULT PRIVILEGES FOR ROLE migrating IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO serving;
    ALTER DEFAULT PRIVILEGES FOR ROLE migrating IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO serving`;
}
