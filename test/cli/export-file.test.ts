import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliFailure } from '../../src/cli/cli-failure.js';
import { Client } from '../../src/cli/client.js';
import { exportToFile } from '../../src/cli/export-file.js';

const ROW = '{"id":"dlv_1","cursor":"abc"}\n';
const END = '{"end":true,"count":1,"next":"abc"}\n';

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

describe('an export to a file', () => {
  let folder: string;
  let server: Server;
  let answers: Answer[];
  let askedAt: number[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-export-'));
    askedAt = [];
    server = createServer((_, response) => {
      askedAt.push(performance.now());
      const { status, headers = {}, body } = answers.shift() ?? { status: 200, body: ROW + END };
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const run = () => {
    const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key');
    const pathOf = (more: Record<string, string>) => `/v1/export?${new URLSearchParams(more).toString()}`;
    return exportToFile({ client, pathOf, isCsv: false, bom: false }, join(folder, 'rows'), false);
  };
  const waited = () => (askedAt[1] ?? NaN) - (askedAt[0] ?? NaN);

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

  it('ends at once when it is refused for good', async () => {
    answers = [{ status: 403, body: '{"detail": "The key may not export."}' }];
    await expect(run()).rejects.toThrow(CliFailure);
    expect(askedAt).toHaveLength(1);
  });
});
