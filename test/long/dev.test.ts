import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/condition.js';
import { Program } from '../support/program.js';

describe('npm run dev', () => {
  let folder: string;
  let port: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-dev-'));
    chmodSync(folder, 0o711);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = String((server.address() as AddressInfo).port);
    server.close();
  });
  afterAll(() => {
    const cluster = join(folder, '.posthorn', 'postgres');
    if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const start = () => Program.run('dev/main.js', { PORT: port }, folder);
  const attempts = (dev: Program) => dev.output.split('\n').filter((line) => line.includes('  attempt '));

  async function stop(dev: Program): Promise<void> {
    const postmaster = Number(
      readFileSync(join(folder, '.posthorn/postgres/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const started = performance.now();
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(() => process.kill(postmaster, 0)).toThrow();
  }

  it('prints the address, the key, two curl lines that work, and a line per attempt; and stops without a trace', async () => {
    const dev = start();
    await eventually(() => dev.output.includes('Ctrl-C stops'), { timeoutMs: 50_000 });
    expect(dev.output).toContain(`Posthorn runs on http://127.0.0.1:${port}`);
    expect(dev.output).toMatch(/Admin key: phk_admin_\w+/);
    await eventually(() => {
      expect(attempts(dev).filter((line) => line.includes('healthy')).length).toBeGreaterThanOrEqual(6);
      expect(dev.output).toMatch(/recovering +attempt 2 +200 .* delivered/);
      expect(dev.output).toMatch(/failing +attempt 1 +500 .* retry in 3 s/);
    });
    const curls = dev.output.split('\n').filter((line) => line.trim().startsWith('curl '));
    expect(curls).toHaveLength(2);
    const [publish = '', list = ''] = curls;
    const run = async (line: string) =>
      JSON.parse(
        (await promisify(execFile)('sh', ['-c', line.trim().replace('curl ', 'curl -sS ')])).stdout,
      ) as unknown;
    expect(await run(publish)).toMatchObject({ type: 'lead.create', duplicate: false, deliveries: 3 });
    expect(await run(list)).toMatchObject({ data: [{ eventType: 'lead.create' }, {}, {}] });
    // Ten failures have paused it by now or soon, so that an event waits without an attempt.
    await eventually(async () => {
      await run(publish.replace('lead-1', `lead-${randomUUID()}`));
      expect(dev.output).toMatch(/lead\.create +failing +held: the endpoint is paused/);
    });
    await stop(dev);
  }, 90_000);

  it('keeps the data for the next start, which resumes the endpoint that was paused', async () => {
    const dev = start();
    await eventually(() => dev.output.includes('Ctrl-C stops'), { timeoutMs: 50_000 });
    await eventually(() => expect(dev.output).toMatch(/failing +attempt \d +500/));
    const key = /phk_admin_\w+/.exec(dev.output)?.[0] ?? '';
    const get = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/spaces/demo${path}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return (await answer.json()) as { data: unknown[] };
    };
    expect((await get('/subscriptions')).data).toHaveLength(3);
    await eventually(async () => expect((await get('/events')).data.length).toBeGreaterThanOrEqual(15));
    await stop(dev);
  }, 90_000);

  it.each([
    ['at once', () => true],
    ['while it loads', (dev: Program) => dev.output.includes('Starting')],
    ['while PostgreSQL starts', () => existsSync(join(folder, '.posthorn/postgres/postmaster.pid'))],
  ])(
    'ends without an error or a server left over when Ctrl-C comes %s',
    async (_when, isTime) => {
      const dev = start();
      await eventually(() => isTime(dev), { timeoutMs: 20_000 });
      dev.child.kill('SIGINT');
      expect([0, 'SIGINT']).toContain(await dev.ended);
      expect(dev.output.replace(/^Starting .*\n/, '')).toBe('');
      expect(existsSync(join(folder, '.posthorn/postgres/postmaster.pid'))).toBe(false);
    },
    90_000,
  );

  it('ends without an error when nobody reads its output any more', async () => {
    const main = join(import.meta.dirname, '../../dist/src/dev/main.js');
    const line = `${process.execPath} ${main} 2>&1 | head -1`;
    const { stdout } = await promisify(execFile)('sh', ['-c', line], {
      cwd: folder,
      env: { PATH: process.env.PATH, PORT: port },
    });
    expect(stdout).toBe('Starting PostgreSQL and Posthorn…\n');
    await eventually(
      () => expect(existsSync(join(folder, '.posthorn/postgres/postmaster.pid'))).toBe(false),
      {
        timeoutMs: 20_000,
      },
    );
  }, 90_000);

  it('ends with its database within five seconds when `posthorn dev` is killed', async () => {
    const dev = Program.run('cli/posthorn.js', { PORT: port }, folder, ['dev']);
    await eventually(() => dev.output.includes('Ctrl-C stops'), { timeoutMs: 50_000 });
    dev.child.kill('SIGKILL');
    const killedAt = performance.now();
    // The server has its output, too.
    await dev.ended;
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    expect(existsSync(join(folder, '.posthorn/postgres/postmaster.pid'))).toBe(false);
  }, 90_000);
});
