import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliFailure } from '../../src/cli/cli-failure.js';
import { Client } from '../../src/cli/client.js';
import { exportToFile } from '../../src/cli/export-file.js';
import { eventually, staysSo } from '../support/condition.js';
import { startReceiver, type Receiver, type Reply } from '../support/receiver.js';

const ROW = '{"id":"dlv_1","cursor":"abc"}\n';
const END = '{"end":true,"count":1,"next":"abc"}\n';

describe('an export to a file', () => {
  let folder: string;
  let server: Receiver;
  /** What is answered before the export. */
  let answers: Reply[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-export-'));
    server = await startReceiver(() => answers.shift() ?? { body: ROW + END });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const run = (url = new URL(server.url).origin) => {
    const client = new Client(url, 'key');
    const pathOf = (more: Record<string, string>) => `/v1/export?${new URLSearchParams(more).toString()}`;
    return exportToFile({ client, pathOf, isCsv: false, bom: false }, join(folder, 'rows'), false);
  };
  const waited = () => (server.requests[1]?.receivedAt ?? NaN) - (server.requests[0]?.receivedAt ?? NaN);

  it('waits as long as the server says', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '1' }, body: '{"detail": "Too many requests."}' }];
    expect(await run()).toBe(1);
    expect(waited()).toBeGreaterThan(990);
    expect(await readFile(join(folder, 'rows'), 'utf8')).toBe(
      `${ROW}${JSON.stringify({ end: true, count: 1, next: 'abc' })}\n`,
    );
  });

  it.each([
    ['with a time to wait', { 'retry-after': '1' }, 990],
    ['without one', {}, 490],
  ])('goes on after the page of a proxy that reaches no server, %s', async (_, headers, least) => {
    answers = [{ status: 503, headers, body: '<h1>Service unavailable</h1>' }];
    expect(await run()).toBe(1);
    expect(waited()).toBeGreaterThan(least);
  });

  it('ends at once when the file cannot be written: what comes after that would be behind a gap', async () => {
    await symlink('/dev/full', join(folder, 'rows.part'));
    await expect(run()).rejects.toThrow(/rows\.part cannot be written: ENOSPC.*--resume/s);
    expect(server.requests).toHaveLength(1);
  });

  it('goes on when the server is back on its port', async () => {
    const asked: string[] = [];
    const restarting = createServer(({ url = '' }, response) => {
      asked.push(url);
      if (asked.length > 1) return response.end(`${ROW}${END}`);
      // The server goes, and with it the connection.
      restarting.close();
      return response.write(ROW, () => response.destroy());
    });
    const listen = (port: number) => once(restarting.listen(port, '127.0.0.1'), 'listening');
    await listen(0);
    const { port } = restarting.address() as AddressInfo;
    const done = run(`http://127.0.0.1:${port}`);
    try {
      await eventually(() => asked.length === 1 && !restarting.listening);
      await staysSo(() => !restarting.listening, {
        forMs: 800,
        because: 'it asks again after half a second',
      });
      await listen(port);
      expect(await done).toBe(2);
      expect(asked).toEqual(['/v1/export', '/v1/export?after=abc']);
    } finally {
      await done.catch(() => undefined);
      restarting.close();
    }
  });

  it('ends at once when it is refused for good', async () => {
    answers = [{ status: 403, body: '{"detail": "The key may not export."}' }];
    await expect(run()).rejects.toThrow(CliFailure);
    expect(server.requests).toHaveLength(1);
  });
});
