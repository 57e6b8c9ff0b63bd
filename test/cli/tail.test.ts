/** @jest-environment ./test/support/leak-environment.mjs */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Command } from 'commander';
import { addTailCommand } from '../../src/cli/tail.js';

interface Reply {
  status?: number;
  body: string;
}

const delivery = (id: string) => ({
  id,
  eventType: 'lead.create',
  subscriptionId: `sub_of_${id}`,
  status: 'succeeded',
  attemptCount: 1,
  maxAttempts: 6,
  lastStatusCode: 200,
  lastError: null,
  nextAttemptAt: null,
  createdAt: '2026-01-01T00:00:00Z',
});
const page = (...ids: string[]): Reply => ({
  body: JSON.stringify({ data: ids.map(delivery), nextCursor: null }),
});

describe('posthorn tail', () => {
  let server: Server;
  /** Null: the connection is cut. */
  let lists: (Reply | null)[];
  let subscriptions: Reply[];
  let out: string[];
  let notes: string[];

  beforeEach(async () => {
    [out, notes] = [[], []];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    jest.spyOn(console, 'error').mockImplementation((line: string) => void notes.push(line));
    server = createServer(({ url = '', socket }, response) => {
      const replies = url.includes('/subscriptions/') ? subscriptions : lists;
      const reply = replies.length > 0 ? replies.shift() : { status: 401, body: '{"detail": "The end."}' };
      if (reply) response.writeHead(reply.status ?? 200).end(reply.body);
      else socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  const run = () => {
    const program = new Command().option('--url <url>').option('--key <key>').option('--space <space>');
    addTailCommand(program);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return program.parseAsync(['tail', '--url', url, '--key', 'key', '--space', 'demo'], { from: 'user' });
  };

  it('goes on after a connection that was cut and a server that is away for a moment', async () => {
    subscriptions = [{ body: '{"uid": "crm", "url": "https://example.com"}' }];
    lists = [page(), null, { status: 503, body: '<h1>Unavailable</h1>' }, page('dlv_1')];
    await expect(run()).rejects.toThrow('The end.');
    expect(out).toEqual([expect.stringMatching(/crm {2}dlv_1 {2}lead\.create/)]);
    expect(notes).toEqual([expect.stringMatching(/^No server responds .* Trying again…$/)]);
  }, 15_000);

  it('shows a delivery that could not be shown at first, and those of deleted subscriptions', async () => {
    subscriptions = [
      { status: 503, body: '{"detail": "Away."}' },
      { status: 404, body: '{"detail": "The subscription was not found."}' },
    ];
    lists = [page(), page('dlv_1'), page('dlv_1'), page('dlv_1')];
    await expect(run()).rejects.toThrow('The end.');
    expect(out).toEqual([expect.stringMatching(/sub_of_dlv_1 {2}dlv_1 {2}lead\.create/)]);
  }, 15_000);
});
