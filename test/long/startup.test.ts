import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '../../src/config/startup-error.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { refusedPort } from '../support/receiver.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';

const KEYS = {
  POSTHORN_ADMIN_KEY: 'phk_admin_0123456789abcdef',
  POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
};
const READY = /^Posthorn listens on (\S+) .*$/m;
const START = { timeoutMs: 25_000 };

let database: TestDatabase;
let dataDir: string;
const running: NodeProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-startup-'));
  chmodSync(dataDir, 0o711);
});

afterEach(async () => {
  for (const main of running.splice(0)) {
    main.kill('SIGTERM');
    await main.ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

afterAll(() => database.drop());

function run(env: NodeJS.ProcessEnv, ...args: string[]): NodeProcess {
  const main = NodeProcess.run('dist/src/main.js', args, { PORT: '0', POSTHORN_DATA_DIR: dataDir, ...env });
  running.push(main);
  return main;
}

/** What a start that fails prints: one line a problem, and nothing else. */
async function complaint(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string[]> {
  const main = run(env, ...args);
  expect(await main.ended).toBe(1);
  expect(main.stdout).toBe('');
  return main.stderr.trimEnd().split('\n');
}

it('refuses arguments: a command that is another program must not start an engine', async () => {
  expect(await complaint({}, 'migrate')).toEqual([
    expect.stringMatching(/takes no arguments, and got "migrate".*npx posthorn/),
  ]);
});

describe('with nothing set', () => {
  it('starts, says where it listens and where the admin key is, and keeps its keys', async () => {
    const first = run({});
    await eventually(() => READY.test(first.stdout), START);
    const keyFile = join(dataDir, 'admin-key');
    expect(first.stdout).toContain(keyFile);
    const adminKey = readFileSync(keyFile, 'utf8');
    const encryptionKeys = readFileSync(join(dataDir, 'encryption-keys'), 'utf8');
    expect(adminKey).toMatch(/^phk_admin_[0-9a-f]{48}\n$/);
    for (const file of ['admin-key', 'encryption-keys'])
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    expect(first.stdout + first.stderr).not.toContain(adminKey.trim());
    expect((await fetch(String(READY.exec(first.stdout)?.[1]))).status).toBeLessThan(500);

    first.kill('SIGINT');
    expect(await first.ended).toBe(0);

    const second = run({});
    await eventually(() => READY.test(second.stdout), START);
    expect(readFileSync(keyFile, 'utf8')).toBe(adminKey);
    expect(readFileSync(join(dataDir, 'encryption-keys'), 'utf8')).toBe(encryptionKeys);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);

    rmSync(join(dataDir, 'encryption-keys'));
    expect(await complaint({})).toEqual([expect.stringMatching(/encryption-keys is missing.*backup/)]);
    writeFileSync(join(dataDir, 'encryption-keys'), 'garbage');
    expect(await complaint({})).toEqual([expect.stringContaining('does not hold base64 keys')]);
  }, 90_000);
});

/** The log, when it is all there is besides the line that says where the engine listens. */
function logOf({ stdout, stderr }: NodeProcess): string[] {
  expect(stderr).toBe('');
  const lines = stdout.replace(READY, '').split('\n');
  return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { msg: string }).msg);
}

describe('what Redis has to say', () => {
  it('is in the log and nowhere else while it is away', async () => {
    const port = await refusedPort();
    const main = run({ ...KEYS, DATABASE_URL: database.url, REDIS_URL: `redis://127.0.0.1:${port}` });
    await eventually(() => READY.test(main.stdout), START);
    await eventually(() => main.stdout.includes('queue.listen_failed'));
    expect(logOf(main)).toEqual([expect.stringContaining('queue.listen_failed: connect ECONNREFUSED')]);
  }, 40_000);

  (redisIsInstalled() ? it : it.skip)(
    'is in the log and nowhere else when its password is for nothing',
    async () => {
      const redis = await RedisServer.start();
      const main = run({
        ...KEYS,
        DATABASE_URL: database.url,
        REDIS_URL: redis.url.replace('//', '//:hunter2@'),
      });
      await eventually(() => READY.test(main.stdout), START);
      await eventually(() => logOf(main).some((line) => line.includes('does not require a password')));
      main.kill('SIGTERM');
      await main.ended;
      await redis.close();
    },
    40_000,
  );
});

it('names an address that can be opened when it listens on every one', async () => {
  const main = run({ ...KEYS, DATABASE_URL: database.url, HOST: '0.0.0.0' });
  const url = await eventually(() => READY.exec(main.stdout)?.[1] ?? null, START);
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
}, 40_000);

it('ends when its own database is gone for good', async () => {
  const main = run({});
  await eventually(() => READY.test(main.stdout), START);
  const folder = join(dataDir, 'postgres');
  const [pid] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  rmSync(join(folder, 'global', 'pg_control'));
  process.kill(Number(pid), 'SIGKILL');
  expect(await main.ended).toBe(1);
  expect(main.stderr).toMatch(/^posthorn: .*did not start.*backup/m);
}, 60_000);

describe('Ctrl-C', () => {
  /** An engine that got the signal, and needs `drainMs` to stop. */
  async function interrupted(drainMs: number): Promise<NodeProcess> {
    const env = { ...KEYS, DATABASE_URL: database.url, POSTHORN_DRAIN_DELAY_MS: String(drainMs) };
    const main = run(env);
    await eventually(() => READY.test(main.stdout), START);
    main.kill('SIGINT');
    return main;
  }

  it("counts once when npm passes on a copy of the terminal's signal", async () => {
    const main = await interrupted(700);
    await sleep(50);
    main.kill('SIGINT');
    expect(await main.ended).toBe(0);
  }, 40_000);

  it('ends at once what takes too long to stop, when it is pressed again', async () => {
    const main = await interrupted(60_000);
    const at = performance.now();
    await eventually(() => performance.now() - at > 700);
    main.kill('SIGINT');
    expect(await main.ended).toBe(1);
  }, 40_000);
});

describe('a start that fails', () => {
  it('prints each wrong setting on a line of its own', async () => {
    expect(await complaint({ PORT: 'x', POSTHORN_PAUSE_AFTER: 'often' })).toEqual([
      'posthorn: PORT: "x" is not a port, e.g. 8080.',
      expect.stringContaining('posthorn: POSTHORN_PAUSE_AFTER: "often" is not'),
    ]);
  });

  it('prints one line for a database that does not answer', async () => {
    expect(
      await complaint({ ...KEYS, DATABASE_URL: 'postgres://posthorn:hunter2@127.0.0.1:1/posthorn' }),
    ).toEqual([
      'posthorn: No database server responds at 127.0.0.1:1 (connection refused). Check DATABASE_URL.',
    ]);
  });

  it('prints one line for a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1').unref();
    await new Promise((resolve) => other.once('listening', resolve));
    const port = String((other.address() as AddressInfo).port);
    const lines = await complaint({ ...KEYS, DATABASE_URL: database.url, PORT: port });
    expect(lines).toEqual([
      `posthorn: Port ${port} on 127.0.0.1 is taken by another process. Stop that one, or set PORT to a free one.`,
    ]);
  });
});

describe('a wrong DATABASE_URL', () => {
  async function problem(url: string): Promise<string> {
    const error: unknown = await (async () => connect(createDataSource({ url, entities: [] })))().catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StartupError);
    expect((error as StartupError).message).not.toContain('hunter2');
    return (error as StartupError).message;
  }

  function changed(change: (url: URL) => void): string {
    const url = new URL(database.url);
    change(url);
    return url.href;
  }

  it('is explained when it is not one of PostgreSQL', async () => {
    expect(await problem('mysql://root:hunter2@localhost/x')).toContain('is not the address of a PostgreSQL');
    expect(await problem('hunter2')).toContain('is not the address of a PostgreSQL');
  });

  it('is explained when its password, its database or its host is wrong', async () => {
    expect(await problem(changed((url) => (url.password = 'hunter2')))).toContain(
      'refused the login of user "posthorn"',
    );
    expect(await problem(changed((url) => (url.pathname = '/nowhere')))).toContain(
      'There is no database "nowhere"',
    );
    expect(await problem('postgres://a:hunter2@no.such.host.invalid/x')).toContain('cannot be resolved');
  });
});
