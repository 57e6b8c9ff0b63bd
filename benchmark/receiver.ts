import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { Webhook } from 'standardwebhooks';
import { header, MessageReader } from './http-messages.js';
import { monotonicMs } from './monotonic.js';
import { spread, type Spread } from './percentiles.js';
import { serve } from './process-commands.js';

/** How a path answers. */
export interface Behaviour {
  /** The subscription's secret: signatures are verified when given. */
  secret?: string;
  /** Default 200. */
  status?: number;
  retryAfterSeconds?: number;
  /** Closes a connection after so many answers; default: never. */
  closesAfter?: number;
  /** Never answers. */
  hangs?: boolean;
  /** Tells repeated events by the `id` in their data, for senders without a webhook-id. */
  idInBody?: boolean;
}

/** What came to a path since the last reset. */
export interface PathReport {
  requests: number;
  /** Requests whose webhook-id had come before. */
  duplicates: number;
  verified: number;
  unverified: number;
  /** From `sentAt` in the payload to the arrival of its last byte, milliseconds. */
  latency: Spread;
  /** The most requests that were open at once. */
  mostAtOnce: number;
  /** Connections of TLS, and how many of them resumed a session. */
  secured: number;
  resumed: number;
  /** `monotonicMs()`. */
  firstAt: number;
  lastAt: number;
}

/** One in this many signatures is verified, and the first. */
const SAMPLE = 100;

class Path {
  requests = 0;
  duplicates = 0;
  verified = 0;
  unverified = 0;
  secured = 0;
  resumed = 0;
  firstAt = 0;
  lastAt = 0;
  open = 0;
  mostAtOnce = 0;
  readonly latencies: number[] = [];
  readonly ids = new Set<string>();
  readonly answer: string;
  private readonly webhook: Webhook | null;

  constructor(readonly behaviour: Behaviour) {
    const { status = 200, retryAfterSeconds, secret } = behaviour;
    const retry = retryAfterSeconds === undefined ? '' : `retry-after: ${retryAfterSeconds}\r\n`;
    this.answer = `HTTP/1.1 ${status} Answer\r\n${retry}content-length: 2\r\n\r\nok`;
    this.webhook = secret === undefined ? null : new Webhook(secret);
  }

  take(head: string, body: Buffer): void {
    const now = monotonicMs();
    if (this.requests === 0) this.firstAt = now;
    this.lastAt = now;
    if (this.requests % SAMPLE === 0) this.verify(head, body);
    this.requests += 1;
    const id = this.behaviour.idInBody ? readId(body) : header(head, 'webhook-id');
    if (this.ids.has(id)) this.duplicates += 1;
    else this.ids.add(id);
    const sentAt = readSentAt(body);
    if (sentAt > 0) this.latencies.push(now - sentAt);
  }

  report(): PathReport {
    const { requests, duplicates, verified, unverified, mostAtOnce, secured, resumed } = this;
    const { firstAt, lastAt } = this;
    const counts = { requests, duplicates, verified, unverified, mostAtOnce, secured, resumed };
    return { ...counts, firstAt, lastAt, latency: spread(this.latencies) };
  }

  private verify(head: string, body: Buffer): void {
    if (this.webhook === null) return;
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    try {
      this.webhook.verify(body, Object.fromEntries(names.map((name) => [name, header(head, name)])));
      this.verified += 1;
    } catch {
      this.unverified += 1;
    }
  }
}

function readId(body: Buffer): string {
  const at = body.indexOf('"id":"');
  return at < 0 ? '' : body.toString('latin1', at + 6, body.indexOf('"', at + 6));
}

function readSentAt(body: Buffer): number {
  const at = body.indexOf('"sentAt":');
  return at < 0 ? 0 : parseFloat(body.toString('latin1', at + 9, at + 29));
}

let paths = new Map<string, Path>();
let total = 0;
let waiter: { count: number; resolve: () => void } | null = null;

function pathOf(head: string): Path {
  const start = head.indexOf(' ') + 1;
  const name = head.slice(start, head.indexOf(' ', start));
  let path = paths.get(name);
  if (path === undefined) paths.set(name, (path = new Path({})));
  return path;
}

function onConnection(socket: Socket): void {
  socket.setNoDelay(true);
  const open = new Map<Path, number>();
  let answers = 0;
  const reader = new MessageReader((head, body) => {
    const path = pathOf(head);
    path.take(head, body);
    path.mostAtOnce = Math.max(path.mostAtOnce, path.open + 1);
    total += 1;
    if (answers === 0 && socket instanceof TLSSocket) {
      path.secured += 1;
      if (socket.isSessionReused()) path.resumed += 1;
    }
    answers += 1;
    if (waiter !== null && total >= waiter.count) waiter.resolve();
    if (path.behaviour.hangs) {
      path.open += 1;
      open.set(path, (open.get(path) ?? 0) + 1);
    } else if (answers === path.behaviour.closesAfter)
      socket.end(path.answer.replace('\r\n', '\r\nconnection: close\r\n'), 'latin1');
    else socket.write(path.answer, 'latin1');
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => open.forEach((count, path) => (path.open -= count)));
}

async function listen(server: Server, address: string): Promise<string> {
  server.listen(0, '127.0.0.1', 1_024);
  await once(server, 'listening');
  return `${address}:${(server.address() as AddressInfo).port}`;
}

const commands = {
  /** Gives the address. */
  start: (): Promise<string> => listen(createServer(onConnection), 'http://127.0.0.1'),
  /** Listens with TLS, too; gives the address. */
  startTls: (asked: { cert: string; key: string }): Promise<string> =>
    listen(createTlsServer(asked, onConnection), 'https://127.0.0.1'),
  /** Forgets all, and behaves as told from now on; `/` and other paths that are not named answer 200. */
  reset: (behaviours: Record<string, Behaviour>): void => {
    paths = new Map(Object.entries(behaviours).map(([name, behaviour]) => [name, new Path(behaviour)]));
    total = 0;
  },
  /** Resolves when this many requests came since the reset; gives how many came. */
  received: async ({ count, timeoutMs }: { count: number; timeoutMs: number }): Promise<number> => {
    if (total >= count) return total;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const enough = () => {
        clearTimeout(timer);
        resolve();
      };
      waiter = { count, resolve: enough };
    });
    waiter = null;
    return total;
  },
  count: (): number => total,
  report: (): Record<string, PathReport> =>
    Object.fromEntries([...paths].map(([name, path]) => [name, path.report()])),
};

export type ReceiverCommands = typeof commands;

serve(commands);
