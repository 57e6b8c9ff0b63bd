import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { refusedPort } from '../support/receiver.js';

const ADMIN_KEY = 'log-test-admin-key';
const START = { timeoutMs: 40_000 };

describe('a log that cannot be written ends nobody', () => {
  let database: TestDatabase;
  let child: ChildProcess;
  let url: string;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await database.drop();
  });

  const start = async (output: number | 'pipe') => {
    const port = await refusedPort();
    url = `http://127.0.0.1:${port}`;
    child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/src/main.js')], {
      env: {
        DATABASE_URL: database.url,
        PORT: String(port),
        POSTHORN_ADMIN_KEY: ADMIN_KEY,
        POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
        LOG_LEVEL: 'debug',
      },
      cwd: tmpdir(),
      stdio: ['ignore', output, output],
    });
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200, START);
  };
  // Each of them writes a line or more at the level debug.
  const work = async (from: number) => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    const post = (path: string, body: object) =>
      fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    await post('/v1/spaces', { name: 'a', uid: 'a' });
    for (let n = from; n < from + 20; n += 1) {
      const { status } = await post('/v1/spaces/a/events', { type: 'lead.create', id: `e${n}`, data: {} });
      expect(status).toBe(202);
    }
    expect(child.exitCode).toBeNull();
  };

  it('because the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    await start(full);
    closeSync(full);
    await work(0);
  }, 60_000);

  it('because its reader has gone', async () => {
    await start('pipe');
    await work(0);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await work(100);
  }, 60_000);
});
