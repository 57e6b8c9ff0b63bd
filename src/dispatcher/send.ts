import { Lru } from '../core/lru.js';
import { AttemptFailure, failureOf, type AttemptOutcome } from './attempt-outcome.js';
import { Door, type DoorOptions } from './door.js';
import type { Connection } from './guarded-connection.js';
import type { Destination, Header, Line, LineListener } from './line.js';

export interface SenderOptions extends DoorOptions {
  /** Whether a URL is one of this installation's own, which needs no permission to be private. */
  isOwn?: (url: string) => boolean;
}

export interface SendRequest {
  url: string;
  /** Sent in this order, after `host` and `connection`. `content-length` is added. */
  headers: readonly Header[];
  body: Buffer;
  /** For all of it: DNS, connect, TLS, headers and body. */
  timeoutMs: number;
}

/** How much of an answer is read and kept, bytes. */
const MAX_BODY = 64 * 1024;
/** A stream of 1xx answers without an end keeps a CPU busy until the deadline; no honest server sends a thousand. */
const MAX_INTERIM = 1_000;
/** URLs whose parts are remembered: taking one apart takes as long as signing a small body. */
const REMEMBERED_URLS = 1_000;

const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** What a URL says about a request to it. */
interface Way {
  destination: Destination;
  opening: string;
}

/** Sends one POST per call through the one door. */
export class Sender {
  private readonly door: Door;
  private readonly ways = new Lru<Way>(REMEMBERED_URLS);

  constructor(private readonly options: SenderOptions) {
    this.door = new Door(options);
  }

  /** Never throws: whatever the receiver does, and whatever the request is, becomes an outcome. */
  send(request: SendRequest): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this.door, request.timeoutMs, resolve);
      try {
        const { destination, opening } = this.wayTo(request.url);
        const { headers, body } = request;
        exchange.start(this.door.take(destination), { opening, headers, body });
      } catch (error) {
        exchange.fail(failureOf(error));
      }
    });
  }

  /** Breaks off what is still under way, as `interrupted`, and what comes later, too. */
  close(): void {
    this.door.close();
  }

  /** Throws when the URL is none of HTTP. */
  private wayTo(text: string): Way {
    const known = this.ways.get(text);
    if (known !== undefined) return known;
    const url = new URL(text);
    const port = url.port === '' ? PORTS[url.protocol] : Number(url.port);
    if (port === undefined || !(url.protocol in PORTS)) throw failureOf({ code: 'ERR_INVALID_PROTOCOL' });
    const isOwn = this.options.isOwn?.(text) ?? false;
    const destination = {
      // A line to this installation itself leads wherever that is: other requests to the same origin never share it.
      pool: isOwn ? `own ${url.origin}` : url.origin,
      // An address of IPv6 stands in brackets there.
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      secure: url.protocol === 'https:',
      isOwn,
    };
    const way = {
      destination,
      opening: `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`,
    };
    this.ways.set(text, way);
    return way;
  }
}

/** One request and its answer, from the call to the outcome. Whatever happens after the outcome is not heard. */
class Exchange implements LineListener {
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

  start(line: Line, request: Parameters<Line['send']>[0]): void {
    this.line = line;
    line.send(request, this);
  }

  /** Ends the attempt without waiting for more; a status line that already came keeps its word. */
  fail(failure: AttemptFailure): void {
    if (this.settled) return;
    this.settle(this.statusCode === null ? failure : null, true);
    if (this.line !== null) this.door.discard(this.line);
  }

  onStart(connection: Connection, isFresh: boolean): void {
    this.connection = connection;
    if (isFresh) this.opening = connection;
  }

  onInterim(): void {
    this.interim += 1;
    if (this.interim > MAX_INTERIM) this.fail(new AttemptFailure('timeout', 'Only interim answers came.'));
  }

  onHead(status: number, headers: [string, string][]): void {
    if (status < 200 || status > 599) {
      const message = `The answer's status (${status}) means nothing to a sender of webhooks.`;
      return this.fail(new AttemptFailure('protocol_error', message));
    }
    this.statusCode = status;
    this.firstByteAt = performance.now();
    this.responseHeaders = headers;
  }

  onBody(bytes: Buffer): void {
    const room = MAX_BODY - this.size;
    // A copy: the bytes are gone when this returns.
    this.chunks.push(Buffer.from(bytes.subarray(0, room)));
    this.size += Math.min(bytes.length, room);
    if (bytes.length > room) this.fail(new AttemptFailure('protocol_error', 'The answer is too long.'));
  }

  onEnd(keepMs: number): void {
    if (this.settled) return;
    this.settle(null, false);
    if (this.line !== null) this.door.giveBack(this.line, keepMs);
  }

  onFailure(failure: AttemptFailure): void {
    this.fail(failure);
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
      responseBody: this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks),
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
