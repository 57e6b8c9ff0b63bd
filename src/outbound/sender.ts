import { Lru } from '../lib/lru.js';
import { parseRequestUrl } from './request-url.js';
import { AttemptFailure, failureOf, type AttemptOutcome } from './attempt-outcome.js';
import { ConnectionPool, type ConnectionPoolOptions } from './connection-pool.js';
import { StallAwareTimer } from './stall-aware-timer.js';
import type { ConnectionInfo } from './guarded-connector.js';
import type { Destination, Header, HttpConnection, ExchangeHandler } from './http-connection.js';

export interface SenderOptions extends ConnectionPoolOptions {
  /** Whether a URL is one of this installation's own, which needs no permission to be private. */
  isOwn?: (url: string) => boolean;
}

export interface SendRequest {
  /** Whose request it is: connections are shared by requests of one space only. */
  spaceId: string;
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

const RESENT = 'The kept connection had ended, so the request was sent again on a new one.';

/** What a URL says about a request to it. */
interface RequestTarget {
  destination: Destination;
  requestLine: string;
  /** As it is called. */
  url: string;
}

/** Sends one POST per call through the one door. */
export class Sender {
  private readonly pool: ConnectionPool;
  private readonly targets = new Lru<RequestTarget>(REMEMBERED_URLS);

  constructor(private readonly options: SenderOptions) {
    this.pool = new ConnectionPool(options);
  }

  /** Never throws: whatever the receiver does, and whatever the request is, becomes an outcome. */
  send(request: SendRequest): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this.pool, request, resolve);
      try {
        exchange.start(this.targetOf(request.spaceId, request.url));
      } catch (error) {
        exchange.fail(failureOf(error));
      }
    });
  }

  /** Whether a connection to a URL's host comes about, by a lookup of its own. Nothing is sent on it. */
  async canConnect(url: string, limitMs: number): Promise<boolean> {
    const giveUp = new AbortController();
    const timer = new StallAwareTimer(limitMs, () => giveUp.abort());
    try {
      await this.pool.testConnection(this.targetOf('', url).destination, giveUp.signal);
      return true;
    } catch {
      return false;
    } finally {
      timer.clear();
    }
  }

  /** Closes the connections that no request is on. */
  closeIdle(): void {
    this.pool.closeIdle();
  }

  /** Breaks off what is still under way, as `interrupted`, and what comes later, too. */
  close(): void {
    this.pool.close();
  }

  /** Throws when the URL is none of HTTP. */
  private targetOf(spaceId: string, text: string): RequestTarget {
    const key = `${spaceId} ${text}`;
    const known = this.targets.get(key);
    if (known !== undefined) return known;
    const parts = parseRequestUrl(text);
    if (parts === null) throw failureOf({ code: 'ERR_INVALID_URL' });
    const { url, secure, host, hostname, port, target } = parts;
    const isOwn = this.options.isOwn?.(text) ?? false;
    // A line to this installation itself leads wherever that is: other requests to the same origin never share it.
    const poolKey = `${spaceId} ${isOwn ? 'own ' : ''}${secure ? 'https' : 'http'}://${hostname}:${port}`;
    const requestTarget: RequestTarget = {
      destination: { poolKey, hostname, port, secure, isOwn },
      requestLine: `POST ${target} HTTP/1.1\r\nhost: ${host}\r\n`,
      url,
    };
    this.targets.set(key, requestTarget);
    return requestTarget;
  }
}

/** One request and its answer, from the call to the outcome. Whatever happens after the outcome is not heard. */
class Exchange implements ExchangeHandler {
  private readonly startedAt = performance.now();
  private readonly timer: StallAwareTimer;
  private readonly chunks: Buffer[] = [];
  private connection: HttpConnection | null = null;
  private connectionInfo: ConnectionInfo | null = null;
  /** The connection again, when it was opened for this request. */
  private openedConnection: ConnectionInfo | null = null;
  private statusCode: number | null = null;
  private firstByteAt: number | null = null;
  private responseHeaders: [string, string][] = [];
  private size = 0;
  private interim = 0;
  private settled = false;
  private target: RequestTarget | null = null;
  private wasResent = false;

  constructor(
    private readonly pool: ConnectionPool,
    private readonly request: SendRequest,
    private readonly resolve: (outcome: AttemptOutcome) => void,
  ) {
    this.timer = new StallAwareTimer(request.timeoutMs, () => this.onDeadline());
  }

  /** Throws when the request cannot be sent. */
  start(target: RequestTarget): void {
    this.target = target;
    this.sendOn(this.pool.acquire(target.destination), target);
  }

  /** Ends the attempt without waiting for more; a status line that already came keeps its word. */
  fail(failure: AttemptFailure): void {
    if (this.settled) return;
    this.settle(failure, true);
    if (this.connection !== null) this.pool.discard(this.connection);
  }

  onStart(info: ConnectionInfo, isFresh: boolean): void {
    this.connectionInfo = info;
    if (isFresh) this.openedConnection = info;
  }

  /** Sends it again, once, for a line that nobody had before cannot be stale. */
  onStale(): void {
    const { target } = this;
    if (this.settled || target === null) return;
    this.wasResent = true;
    this.connectionInfo = null;
    this.pool.discardIdle(target.destination);
    if (this.connection !== null) this.pool.discard(this.connection);
    try {
      this.sendOn(this.pool.acquireNew(target.destination), target);
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  onInterim(): void {
    this.interim += 1;
    if (this.interim > MAX_INTERIM) this.fail(new AttemptFailure('timeout', 'Only interim answers came.'));
  }

  onStatus(status: number, headers: [string, string][]): void {
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
    if (bytes.length <= room) return;
    this.settle(null, true);
    if (this.connection !== null) this.pool.discard(this.connection);
  }

  onEnd(keepMs: number): void {
    if (this.settled) return;
    this.settle(null, false);
    if (this.connection !== null) this.pool.release(this.connection, keepMs);
  }

  onFailure(failure: AttemptFailure): void {
    this.fail(failure);
  }

  private onDeadline(): void {
    // A host that went away without a word leaves all its connections like this.
    if (this.connection?.awaitsFirstByte === true) this.pool.discardIdle(this.connection.destination);
    const { timeoutMs } = this.request;
    const message =
      this.statusCode === null
        ? `No answer came within ${timeoutMs} ms.`
        : `The answer was not complete within ${timeoutMs} ms.`;
    this.fail(new AttemptFailure('timeout', message));
  }

  private sendOn(connection: HttpConnection, { requestLine }: RequestTarget): void {
    this.connection = connection;
    const { headers, body } = this.request;
    connection.send({ requestLine, headers, body }, this);
  }

  private settle(failure: AttemptFailure | null, isCut: boolean): void {
    this.settled = true;
    this.timer.clear();
    this.resolve({
      url: this.target?.url ?? this.request.url,
      statusCode: this.statusCode,
      errorCode: this.statusCode === null ? (failure?.errorCode ?? null) : null,
      errorDetail: this.detailOf(failure),
      responseHeaders: this.responseHeaders,
      responseBody: this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks),
      truncated: isCut && this.statusCode !== null,
      timings: {
        dns: this.openedConnection?.dns ?? null,
        connect: this.openedConnection?.connect ?? null,
        tls: this.openedConnection?.tls ?? null,
        firstByte: this.firstByteAt === null ? null : this.firstByteAt - this.startedAt,
        total: performance.now() - this.startedAt,
      },
      addressClass: this.connectionInfo?.addressClass ?? null,
      stalledMs: this.timer.stalledMs,
      ...(failure?.repeatMs && { repeatMs: failure.repeatMs }),
    });
  }
  private detailOf(failure: AttemptFailure | null): string | null {
    const detail =
      failure?.errorCode === 'connection_reset' && this.statusCode !== null
        ? 'The connection was closed before the answer was complete.'
        : (failure?.message ?? null);
    if (!this.wasResent) return detail;
    return detail === null ? RESENT : `${detail} ${RESENT}`;
  }
}
