import type { Dispatcher } from 'undici';
import { AttemptFailure, failureOf, type AttemptOutcome } from './attempt-outcome.js';
import { Door, type DoorOptions, type Line } from './door.js';
import type { Connection } from './guarded-connection.js';

export interface SenderOptions extends DoorOptions {
  /** Sent as `user-agent` unless a request brings its own. */
  userAgent: string;
  /** Whether a URL is one of this installation's own, which needs no permission to be private. */
  isOwn?: (url: string) => boolean;
}

export interface SendRequest {
  url: string;
  /** Sent in this order, after `host` and `connection`. `content-length` is added. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** For all of it: DNS, connect, TLS, headers and body. */
  timeoutMs: number;
  /** Breaks the attempt off, as `interrupted`. */
  signal?: AbortSignal;
}

/** How much of an answer is read and kept, bytes. */
const MAX_BODY = 64 * 1024;
/** A stream of 1xx answers without an end keeps a CPU busy until the deadline; no honest server sends a thousand. */
const MAX_INTERIM = 1_000;

/** Sends one POST per call through the one door. */
export class Sender {
  private readonly door: Door;
  private readonly underWay = new WeakMap<AbortSignal, Set<Exchange>>();

  constructor(private readonly options: SenderOptions) {
    this.door = new Door(options);
  }

  /** Never throws: whatever the receiver does, and whatever the request is, becomes an outcome. */
  send(request: SendRequest): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const listeners = request.signal && this.listenersOf(request.signal);
      const exchange = new Exchange(this.door, request.timeoutMs, (outcome) => {
        listeners?.delete(exchange);
        resolve(outcome);
      });
      if (request.signal?.aborted) return exchange.interrupt();
      listeners?.add(exchange);
      try {
        const url = new URL(request.url);
        const isOwn = this.options.isOwn?.(request.url) ?? false;
        exchange.start(this.door.take(url.origin, isOwn), {
          path: url.pathname + url.search,
          method: 'POST',
          headers: this.headerList(request.headers),
          body: request.body,
        });
      } catch (error) {
        exchange.fail(failureOf(error));
      }
    });
  }

  /** Breaks off what is still under way, as `interrupted`. */
  async close(): Promise<void> {
    await this.door.close();
  }

  /**
   * The exchanges that a signal breaks off, behind one listener of ours: a worker shares one signal between all its
   * attempts, and an EventTarget walks through all its listeners to add another one.
   */
  private listenersOf(signal: AbortSignal): Set<Exchange> {
    const known = this.underWay.get(signal);
    if (known !== undefined) return known;
    const exchanges = new Set<Exchange>();
    this.underWay.set(signal, exchanges);
    signal.addEventListener('abort', () => exchanges.forEach((exchange) => exchange.interrupt()), {
      once: true,
    });
    return exchanges;
  }

  private headerList(headers: Readonly<Record<string, string>>): string[] {
    const list: string[] = [];
    let hasAgent = false;
    for (const name of Object.keys(headers)) {
      hasAgent ||= name.toLowerCase() === 'user-agent';
      list.push(name, headers[name] as string);
    }
    return hasAgent ? list : ['user-agent', this.options.userAgent, ...list];
  }
}

/** One request and its answer, from the call to the outcome. Whatever happens after the outcome is not heard. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private line: Line | null = null;
  private connection: Connection | null = null;
  /** The connection again, when it was opened for this request. */
  private opening: Connection | null = null;
  private statusCode: number | null = null;
  private firstByteAt: number | null = null;
  private responseHeaders: [string, string][] = [];
  private size = 0;
  private interim = 0;
  private settled = false;

  constructor(
    private readonly door: Door,
    private readonly timeoutMs: number,
    private readonly resolve: (outcome: AttemptOutcome) => void,
  ) {
    this.timer = setTimeout(() => this.onDeadline(), timeoutMs);
  }

  start(line: Line, request: Omit<Dispatcher.DispatchOptions, 'origin'>): void {
    this.line = line;
    line.send(request, this);
  }

  /** Ends the attempt without waiting for more; a status line that already came keeps its word. */
  fail(failure: AttemptFailure): void {
    if (this.settled) return;
    this.settle(this.statusCode === null ? failure : null, true);
    if (this.line !== null) this.door.discard(this.line);
  }

  onRequestStart(): void {
    this.connection = this.line?.connection ?? null;
    if (this.line?.isFresh) this.opening = this.connection;
    this.line?.expectAnswer();
  }

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number): void {
    if (this.settled) return;
    if (statusCode < 100 || statusCode === 101 || statusCode > 599) {
      const message = `The answer's status (${statusCode}) means nothing to a sender of webhooks.`;
      return this.fail(new AttemptFailure('protocol_error', message));
    }
    if (statusCode < 200) {
      this.interim += 1;
      if (this.interim > MAX_INTERIM) this.fail(new AttemptFailure('timeout', 'Only interim answers came.'));
      return;
    }
    this.statusCode = statusCode;
    this.firstByteAt = performance.now();
    this.responseHeaders = headerPairs(controller.rawHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    const room = MAX_BODY - this.size;
    this.chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.size += Math.min(chunk.length, room);
    if (chunk.length > room) this.fail(new AttemptFailure('protocol_error', 'The answer is too long.'));
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.settle(null, false);
    if (this.line !== null) this.door.giveBack(this.line);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(failureOf(error));
  }

  interrupt(): void {
    this.fail(new AttemptFailure('interrupted', 'Posthorn stopped before an answer came.'));
  }

  private onDeadline(): void {
    this.fail(new AttemptFailure('timeout', `No answer came within ${this.timeoutMs} ms.`));
  }

  private settle(failure: AttemptFailure | null, truncated: boolean): void {
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve({
      statusCode: this.statusCode,
      errorCode: failure?.errorCode ?? null,
      errorDetail: failure?.message ?? null,
      responseHeaders: this.responseHeaders,
      // Copied: a chunk is a view of a whole read buffer, which must not live as long as a small answer.
      responseBody: Buffer.concat(this.chunks),
      truncated: truncated && this.statusCode !== null,
      timings: {
        dns: this.opening?.dns ?? null,
        connect: this.opening?.connect ?? null,
        tls: this.opening?.tls ?? null,
        firstByte: this.firstByteAt === null ? null : this.firstByteAt - this.startedAt,
        total: performance.now() - this.startedAt,
      },
      addressClass: this.connection?.addressClass ?? null,
    });
  }
}

/** HTTP/1.1 headers are bytes; Latin-1 keeps each of them. */
function headerPairs(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  if (!Array.isArray(raw)) return [];
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    pairs.push([latin1(raw[index]), latin1(raw[index + 1])]);
  }
  return pairs;
}

function latin1(bytes: Buffer | string | undefined): string {
  return typeof bytes === 'string' ? bytes : (bytes?.toString('latin1') ?? '');
}
