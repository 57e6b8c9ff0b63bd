import { readFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const built = join(import.meta.dirname, '..', '..', 'dist', 'web');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Stricter than the engine's: what works here works there. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** A proxy before an engine that gives it a path of its own, such as `/hooks`. */
export async function startFrontDoor(
  engine: string,
  path = '',
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const asked = incoming.url ?? '/';
    if (!asked.startsWith(`${path}/`)) response.writeHead(404).end();
    else void answer(engine, asked.slice(path.length), incoming, response);
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

async function answer(
  engine: string,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = path === '/' ? '/index.html' : (path.split('?')[0] ?? path);
  const file = await readFile(join(built, name)).catch(() => null);
  if (file !== null) {
    response
      .writeHead(200, { 'content-type': TYPES[extname(name)], 'content-security-policy': POLICY })
      .end(file);
    return;
  }
  const onward = request(engine + path, { method: incoming.method, headers: incoming.headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  incoming.pipe(onward);
}
