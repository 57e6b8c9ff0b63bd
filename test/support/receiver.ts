import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './condition.js';

/** One request as it came over the wire. */
export interface ReceivedRequest {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  /** Name, value, name, value … as sent. */
  rawHeaders: string[];
  body: Buffer;
  /** When the body was complete, milliseconds on the process's monotonic clock. */
  receivedAt: number;
  /** Tells connections apart. */
  remotePort: number;
}

export interface Reply {
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** How long the receiver thinks before it answers, milliseconds. */
  delayMs?: number;
}

export type Answer = (request: ReceivedRequest) => Reply | Promise<Reply>;

/** A certificate of `test/fixtures/tls`. */
export type Certificate = 'localhost' | 'elsewhere' | 'expired' | 'self-signed';

/** The path of a file of `test/fixtures/tls`. */
export function tlsFile(name: string): string {
  return join(import.meta.dirname, '../fixtures/tls', name);
}

/** The authority that issued them, in PEM. */
export const TEST_CA = fixture('ca.pem');

/**
 * A real receiver on a free port of 127.0.0.1. It answers 200 to everything unless `answer` says otherwise, and keeps
 * every request. With a certificate it speaks HTTPS. It can be opened again, on a new port.
 */
export class Receiver {
  /** In the order they were complete. */
  requests: ReceivedRequest[] = [];
  port = 0;
  /** How it answers. A test may change it; opening sets it back. */
  answer: Answer = this.usual;
  private server: Server & Pick<HttpServer, 'closeAllConnections'> = createHttpServer();
  private readonly retired: Receiver['server'][] = [];

  constructor(
    private readonly usual: Answer = () => ({}),
    private readonly certificate?: Certificate,
  ) {}

  /** Where it listens, with a path: `http://127.0.0.1:<port>/hook`. */
  get url(): string {
    return `${this.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}/hook`;
  }

  async open(): Promise<void> {
    const requests: ReceivedRequest[] = [];
    this.requests = requests;
    this.answer = this.usual;
    const listener: RequestListener = (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const request = requestOf(incoming, Buffer.concat(chunks));
        requests.push(request);
        void this.reply(request, response);
      });
    };
    this.server =
      this.certificate === undefined
        ? createHttpServer(listener)
        : createHttpsServer(pair(this.certificate), listener);
    this.port = await listen(this.server);
  }

  /** Waits until at least this many requests came, and gives them all. */
  received(count: number, timeoutMs?: number): Promise<ReceivedRequest[]> {
    return eventually(
      () => {
        if (this.requests.length < count)
          throw new Error(`${this.requests.length} of ${count} requests came.`);
        return this.requests;
      },
      { timeoutMs },
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await closed(this.server);
  }

  /**
   * Answers everything with 200 until `closeRetired`: were it closed, later attempts of an engine that goes on would
   * look like an outage of its network.
   */
  retire(): void {
    this.server.closeAllConnections();
    this.server.removeAllListeners('request');
    this.server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      incoming.resume();
      response.end();
    });
    this.retired.push(this.server);
  }

  async closeRetired(): Promise<void> {
    await Promise.all(
      this.retired.splice(0).map((server) => {
        server.closeAllConnections();
        return closed(server);
      }),
    );
  }

  private async reply(request: ReceivedRequest, response: ServerResponse): Promise<void> {
    const reply = await this.answer(request);
    if (reply.delayMs !== undefined) await delay(reply.delayMs, undefined, { ref: false });
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(reply.body);
  }
}

function requestOf(incoming: IncomingMessage, body: Buffer): ReceivedRequest {
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    receivedAt: performance.now(),
    remotePort: incoming.socket.remotePort ?? 0,
  };
}

export async function startReceiver(answer?: Answer, certificate?: Certificate): Promise<Receiver> {
  const receiver = new Receiver(answer, certificate);
  await receiver.open();
  return receiver;
}

export interface RawReceiver {
  url: string;
  port: number;
  /** Sockets accepted so far. */
  connections: Socket[];
  close(): Promise<void>;
}

/**
 * A receiver that speaks whatever it likes: `script` gets the socket once the first bytes of a request came, or at
 * once when `when` is `connect`.
 */
export async function startRawReceiver(
  script: (socket: Socket) => void,
  when: 'request' | 'connect' = 'request',
): Promise<RawReceiver> {
  const connections: Socket[] = [];
  const server = createTcpServer((socket) => {
    connections.push(socket);
    // The other side may hang up at any moment: that is what these tests are about.
    socket.on('error', () => undefined);
    if (when === 'connect') script(socket);
    else socket.on('data', () => script(socket));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    connections,
    async close() {
      for (const socket of connections) socket.destroy();
      await closed(server);
    },
  };
}

/** A port of 127.0.0.1 where nobody listens. */
export async function refusedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await closed(server);
  return port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

export function pair(certificate: Certificate): { cert: string; key: string } {
  return { cert: fixture(`${certificate}.pem`), key: fixture(`${certificate}-key.pem`) };
}

export function fixture(name: string): string {
  return readFileSync(tlsFile(name), 'utf8');
}
