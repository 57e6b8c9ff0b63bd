import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/**
 * Answers the first request of each connection, and keeps the connection; the callers decide what happens to further
 * ones.
 */
export interface DyingReceiver {
  url: string;
  /** Sockets accepted so far. */
  connections: Socket[];
  /** How many further requests met their end. */
  met: () => number;
  close: () => Promise<void>;
}

/**
 * `later` gets the socket with the first bytes of a connection's second request, and the connection's number from 0.
 */
export async function startDyingReceiver(
  later: (socket: Socket, connection: number) => void,
  {
    secure = false,
    first = (socket) => void socket.write(OK),
  }: { secure?: boolean; first?: (socket: Socket) => void } = {},
): Promise<DyingReceiver> {
  const connections: Socket[] = [];
  let met = 0;
  const take = (socket: Socket): void => {
    const connection = connections.push(socket) - 1;
    socket.on('error', () => undefined);
    // Half of it stays open, for some receivers do that; all of it ends when the sender has ended its half, too.
    socket.on('end', () => setImmediate(() => socket.destroy()));
    let left: number | null = null;
    socket.on('data', (chunk: Buffer) => {
      if (left === 0) {
        left = Infinity;
        met += 1;
        return later(socket, connection);
      }
      left = (left ?? lengthOf(chunk)) - chunk.length;
      if (left === 0) first(socket);
    });
  };
  const server = secure
    ? createTlsServer({ cert: fixture('localhost.pem'), key: fixture('localhost-key.pem') }, take)
    : createTcpServer({ allowHalfOpen: true }, take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}/hook`,
    connections,
    met: () => met,
    async close() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A TLS socket of Node does not reset; the one below it does. */
export function reset(socket: Socket): void {
  const { _parent: below } = socket as Socket & { _parent?: Socket };
  (below ?? socket).resetAndDestroy();
}

/** What a receiver does with a connection once it has answered on it. */
type Habit = (socket: Socket) => void;

const after =
  (ms: number, end: (socket: Socket) => void): Habit =>
  (socket) =>
    void setTimeout(() => end(socket), ms);
const fin = (socket: Socket) => void socket.end();

export const HABITS: Record<string, Habit> = {
  'FIN with the answer': fin,
  'FIN 5 ms later': after(5, fin),
  'RST 5 ms later': after(5, reset),
  'FIN after 40 ms': after(40, fin),
  'RST after 40 ms': after(40, reset),
  'closes what is idle every 50 ms': () => undefined,
  'is gone when it is asked again': () => undefined,
};

export interface DyingServer {
  url: string;
  /** The `webhook-id` of each request that was answered. */
  heard: string[];
  close: () => Promise<void>;
}

/** A real server with one of these habits. */
export async function startDyingServer(name: string, secure = false): Promise<DyingServer> {
  const heard: string[] = [];
  const served = new WeakSet<Socket>();
  const listener: RequestListener = (request, response) => {
    if (name.startsWith('is gone') && served.has(request.socket)) return request.socket.destroy();
    served.add(request.socket);
    request.resume().on('end', () => {
      heard.push(String(request.headers['webhook-id']));
      response.on('finish', () => HABITS[name]?.(request.socket));
      response.end('ok');
    });
  };
  const server = secure
    ? createHttpsServer({ cert: fixture('localhost.pem'), key: fixture('localhost-key.pem') }, listener)
    : createHttpServer(listener);
  const timer = name.startsWith('closes') ? setInterval(() => server.closeIdleConnections(), 50) : undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${secure ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}/hook`,
    heard,
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Of a whole request that begins here, with its head. */
function lengthOf(chunk: Buffer): number {
  const length = /^content-length: (\d+)/im.exec(chunk.toString('latin1'))?.[1];
  return chunk.indexOf('\r\n\r\n') + 4 + Number(length);
}

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');
}
