import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy before an engine that gives it a path of its own, such as `/tools/hooks`, and takes it away again. */
export async function startPathProxy(
  engine: string,
  path: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const asked = incoming.url ?? '/';
    if (!asked.startsWith(`${path}/`)) {
      response.writeHead(404).end();
      return;
    }
    const { method, headers } = incoming;
    const onward = request(engine + asked.slice(path.length), { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
