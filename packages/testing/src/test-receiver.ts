import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { UNTRUSTED } from './untrusted-certificate.js';

/** A request as it came. */
export interface TestRequest {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
}

/** An answer in detail. */
export interface TestReply {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** How long to think before the answer, milliseconds. */
  delayMs?: number;
}

/**
 * What a receiver does with a request: answer with a status, or in detail; never answer (`hang`); close the connection
 * without an answer (`reset`), or behind the headers of a 200 (`cut`); say what is not HTTP (`garbage`).
 */
export type Behaviour = number | TestReply | 'hang' | 'reset' | 'cut' | 'garbage';

export interface TestReceiverOptions {
  /** What it does from the beginning; 200 unless given. */
  behaviour?: Behaviour;
  /** `untrusted`: it speaks HTTPS with a certificate that nobody trusts. */
  tls?: 'untrusted';
}

/** A real HTTP server on this machine that keeps every request, and behaves as it is told. */
export class TestReceiver {
  /** In the order they were complete. */
  readonly requests: TestRequest[] = [];
  private behaviour: Behaviour;
  private plan: Behaviour[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server & { closeAllConnections: () => void },
    /** Where it listens, with a path. */
    readonly url: string,
    behaviour: Behaviour,
  ) {
    this.behaviour = behaviour;
  }

  static async start({ behaviour = 200, tls }: TestReceiverOptions = {}): Promise<TestReceiver> {
    const server = tls === undefined ? createHttpServer() : createHttpsServer(UNTRUSTED);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/webhooks`;
    const receiver = new TestReceiver(server, url, behaviour);
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      receiver.take(request, response),
    );
    return receiver;
  }

  /** Behaves like this from now on. */
  answer(behaviour: Behaviour): void {
    this.plan = [];
    this.behaviour = behaviour;
  }

  /** Behaves like these for one request each; then as the last. */
  answerInTurn(...behaviours: [Behaviour, ...Behaviour[]]): void {
    this.plan = behaviours.slice(0, -1);
    this.behaviour = behaviours.at(-1) ?? 200;
  }

  /** Waits until so many requests came, and gives them all. Fails after `timeoutMs`, 10,000 unless given. */
  async received(count: number, timeoutMs = 10_000): Promise<TestRequest[]> {
    const giveUpAt = performance.now() + timeoutMs;
    while (this.requests.length < count) {
      const left = giveUpAt - performance.now();
      if (left <= 0)
        throw new Error(`${this.requests.length} of ${count} requests came within ${timeoutMs} ms.`);
      await this.nextRequest(left);
    }
    return this.requests;
  }

  /** Forgets the requests so far. */
  clear(): void {
    this.requests.length = 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private nextRequest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.add(done);
    });
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, path: url, headers, body, json: parse(body) });
      behave(this.plan.shift() ?? this.behaviour, response);
      for (const done of [...this.waiting]) done();
    });
  }
}

function behave(behaviour: Behaviour, response: ServerResponse): void {
  const { socket } = response;
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') socket?.resetAndDestroy();
  else if (behaviour === 'garbage') socket?.end('This is no HTTP.\r\n\r\n');
  else if (behaviour === 'cut') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('not all of it', () => socket?.destroy());
  } else reply(typeof behaviour === 'number' ? { status: behaviour } : behaviour, response);
}

function reply({ status = 200, headers = {}, body, delayMs = 0 }: TestReply, response: ServerResponse): void {
  // One connection for each request: over a kept one, a sender may repeat a request that was reset.
  response.shouldKeepAlive = false;
  const send = () => response.writeHead(status, headers).end(body);
  if (delayMs === 0) send();
  else setTimeout(send, delayMs).unref();
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Starts a receiver on a free port of 127.0.0.1. */
export function startTestReceiver(options?: TestReceiverOptions): Promise<TestReceiver> {
  return TestReceiver.start(options);
}

/** An address of this machine at which nobody listens. */
export async function refusedUrl(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/webhooks`;
}
