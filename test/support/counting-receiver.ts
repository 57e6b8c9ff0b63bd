import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver in a process of its own that counts requests by path and id, and tells when `GET /counts` asks. */
const seen = new Map<string, number>();
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const times = [...seen.values()];
    response.end(JSON.stringify({ distinct: seen.size, requests: times.reduce((sum, one) => sum + one, 0) }));
    return;
  }
  const key = `${request.url} ${String(request.headers['webhook-id'])}`;
  seen.set(key, (seen.get(key) ?? 0) + 1);
  request.resume().once('end', () => response.end('ok'));
});
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
