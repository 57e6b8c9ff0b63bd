import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../scripts/healthcheck.mjs');

async function check(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

async function startServer(answers: Record<string, number>) {
  const server = createHttpServer(({ url = '' }, response) => {
    response.statusCode = answers[url] ?? 404;
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: String((server.address() as AddressInfo).port), close: () => server.close() };
}

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return String(port);
}

describe("the image's health check", () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer({ '/healthz': 200, '/readyz': 503 });
  });
  afterAll(() => server.close());

  it('asks the API where the process has one', async () => {
    expect(await check({ PORT: server.port })).toEqual({ code: 0, said: '' });
  });

  it('asks the health port where there is one', async () => {
    const env = { PORT: await closedPort(), POSTHORN_ROLE: 'worker', POSTHORN_HEALTH_PORT: server.port };
    expect(await check(env)).toMatchObject({ code: 0 });
  });

  it('asks the API, or nobody, where the health port is off', async () => {
    const env = { PORT: server.port, POSTHORN_HEALTH_PORT: 'off' };
    expect(await check(env, '/readyz')).toMatchObject({ code: 1 });
    expect(await check(env)).toEqual({ code: 0, said: '' });
    expect(await check({ ...env, POSTHORN_ROLE: 'worker' }, '/readyz')).toEqual({ code: 0, said: '' });
  });

  it('asks a worker at its default port', async () => {
    const { code, said } = await check({ PORT: server.port, POSTHORN_ROLE: 'worker' }, '/nothing-here');
    expect(code).toBe(1);
    expect(said).toContain('http://127.0.0.1:9090/nothing-here');
  });

  it('fails, and says why, for a process that is not ready or not there', async () => {
    expect(await check({ PORT: server.port }, '/readyz')).toEqual({
      code: 1,
      said: `http://127.0.0.1:${server.port}/readyz: 503\n`,
    });
    const { code, said } = await check({ PORT: await closedPort() });
    expect(code).toBe(1);
    expect(said).toContain('ECONNREFUSED');
  });
});
