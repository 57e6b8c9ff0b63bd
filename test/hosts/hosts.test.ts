import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS: Record<string, string> = Object.fromEntries([
  ...readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, join(import.meta.dirname, name)]),
  ['nest12-prisma7', join(ROOT, 'examples/prisma')],
]);
const CHOSEN = process.env.HOSTS?.split(',') ?? Object.keys(FOLDERS);
/** Besides `@posthorn/nestjs`, which all of them install. */
const MORE_PACKAGES: Record<string, string[]> = { 'nest12-typeorm1': ['dashboard'] };
/** Prisma downloads its schema engine before it generates, which needs none: that is WebAssembly. Any file will do. */
const NO_PRISMA_ENGINE = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };

let packed: string;
beforeAll(() => {
  packed = mkdtempSync(join(tmpdir(), 'posthorn-packed-'));
  const names = new Set(['nestjs', ...CHOSEN.flatMap((name) => MORE_PACKAGES[name] ?? [])]);
  for (const name of names) run('npm', ['pack', '--pack-destination', packed], join(ROOT, 'packages', name));
});
afterAll(() => rmSync(packed, { recursive: true, force: true }));

/** Runs a command, and fails with what it said. */
function run(command: string, args: string[], cwd: string, more: Record<string, string> = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 240_000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...more },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}\n${stderr}`);
}

describe.each(CHOSEN)('the host %s', (name) => {
  let folder: string;
  let database: TestDatabase;
  let receiver: Receiver;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `posthorn-${name}-`));
    const isSource = (path: string) => !/\/(node_modules|dist|generated|package-lock\.json)$/.test(path);
    cpSync(FOLDERS[name] ?? '', folder, { recursive: true, filter: isSource });
    const tarballs = readdirSync(packed).filter((file) =>
      ['nestjs', ...(MORE_PACKAGES[name] ?? [])].some((wanted) => file.startsWith(`posthorn-${wanted}-`)),
    );
    const files = tarballs.map((file) => join(packed, file));
    run('npm', ['install', '--no-fund', '--no-audit', '--ignore-scripts', ...files], folder);
    receiver = await startReceiver();
    database = await createTestDatabase('template0');
    env = { DATABASE_URL: database.url, ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  });
  afterAll(async () => {
    await receiver.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(more: Record<string, string> = {}): Promise<{ host: NodeProcess; url: string }> {
    const host = NodeProcess.run(relative(ROOT, join(folder, 'dist/main.js')), [], { ...env, ...more });
    const url = await eventually(
      () => {
        if (host.child.exitCode !== null) throw new Error(host.stdout + host.stderr);
        return /listens on (\S+)/.exec(host.stdout)?.[1] ?? null;
      },
      { timeoutMs: 60_000 },
    );
    return { host, url };
  }

  const create = (url: string, body: object) =>
    fetch(`${url}/leads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const came = (id: string) => receiver.requests.some(({ body }) => body.includes(`"id":"${id}"`));

  it('has correct types', () => {
    if (name.includes('prisma')) run('npx', ['prisma', 'generate'], folder, { ...env, ...NO_PRISMA_ENGINE });
    run('npx', ['tsc'], folder);
    // NestJS 11 makes new applications with the resolution of Node itself, where CommonJS sees ES modules' types.
    const node16 = ['tsc', '--noEmit', '--module', 'node16', '--moduleResolution', 'node16'];
    if (name === 'nest11-typeorm03') run('npx', node16, folder);
  });

  it('delivers what commits, sends nothing of a rollback, and goes on after kill -9', async () => {
    const first = await start({ RECEIVER: receiver.url });
    expect((await create(first.url, { id: 'committed' })).status).toBe(201);
    expect((await create(first.url, { id: 'refused', refused: true })).status).toBe(500);
    await eventually(() => came('committed'), { timeoutMs: 20_000 });
    // As soon as it has answered, its transaction has committed.
    expect((await create(first.url, { id: 'killed' })).status).toBe(201);
    first.host.kill('SIGKILL');
    await first.host.ended;
    const second = await start();
    await eventually(() => came('killed'), { timeoutMs: 30_000 });
    expect(came('refused')).toBe(false);
    second.host.kill('SIGTERM');
    // NestJS ends with the signal once its hooks have run.
    expect([0, 'SIGTERM']).toContain(await second.host.ended);
  });

  it('runs its own tests with Jest', () => {
    run('npm', ['test'], folder, env);
  });
});
