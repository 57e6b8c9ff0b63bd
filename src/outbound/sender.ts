import { setTimeout as sleep } from 'node:timers/promises';
import type { Method } from '../core/request-format.js';
import type { ClientCertificate } from '../core/client-certificate.js';
import { isProxyFault } from '../core/own-fault.js';
import { parseRequestUrl } from './request-url.js';
import { AttemptFailure, failureOf, type AttemptOutcome } from './attempt-outcome.js';
import { ConnectionPool, type ConnectionPoolOptions } from './connection-pool.js';
import { NotReachedByProxy } from './proxy-failure.js';
import { ProxyReach } from './proxy-reach.js';
import { StallAwareTimer } from './stall-aware-timer.js';
import type { ConnectionInfo } from './guarded-connector.js';
import type { Destination, Header, HttpConnection, ExchangeHandler } from './http-connection.js';
import { Lru } from '../lib/lru.js';

export interface SenderOptions extends ConnectionPoolOptions {
  /** Whether a URL is one of this installation's own, whose address may be private. */
  isOwn?: (url: string) => boolean;
}

export interface SendRequest {
  /** Connections are shared by requests of one space only. */
  spaceId: string;
  url: string;
  /** `POST` unless given. */
  method?: Method;
  /** Sent in this order, after `host` and `connection`. `content-length` is added. */
  headers: readonly Header[];
  body: Buffer;
  /** Connections are shared by requests with the same one only. */
  clientCertificate?: ClientCertificate | null;
  /** For the whole attempt: DNS, connect, TLS, headers and body. */
  timeoutMs: number;
}

/** How much of a response body is read and kept, bytes. */
const MAX_BODY = 64 * 1024;
/** Interim responses (1xx) accepted: an endless stream of them would keep a CPU busy until the deadline. */
const MAX_INTERIM = 1_000;
/** URLs whose parts are cached: parsing one takes as long as signing a small body. */
const REMEMBERED_URLS = 1_000;

const AGAIN = 'so the request was sent again on a new one.';
const WAS_CLOSED = `The reused connection was closed, ${AGAIN}`;
const WAS_GIVEN_UP = `The endpoint had given up the reused connection (408), ${AGAIN}`;

const MOVED =
  'The kept connection led to an address that the host name has no more. The attempt is repeated on a new one.';
/** How long it may take to look the name up again after the deadline, milliseconds. */
const MOVED_LIMIT_MS = 1_000;

/** The parts of a URL that its requests need. */
interface RequestTarget {
  destination: Destination;
  requestLine: string;
  /** The URL that is requested. */
  url: string;
}

/**
 * Sends one request per call. In: a URL, headers and a body. Out: an `AttemptOutcome`, whatever happens. It does
 * not retry, but for a kept connection that turns out to have ended, and it follows no redirects.
 */
export class Sender {
  private readonly pool: ConnectionPool;
  private readonly targets = new Lru<RequestTarget>(REMEMBERED_URLS);
  private readonly reach = new ProxyReach();

  constructor(private readonly options: SenderOptions) {
    this.pool = new ConnectionPool({ ...options, reach: this.reach });
  }

  /** Never throws: whatever the receiver does, or is wrong with the request, becomes an outcome. */
  send(request: SendRequest): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this.pool, request, resolve);
      try {
        exchange.start(
          this.targetOf(request.spaceId, request.url, request.clientCertificate ?? null, request.method),
        );
      } catch (error) {
        exchange.fail(failureOf(error));
      }
    });
  }

  /** Whether requests may leave through an egress proxy. */
  get hasProxy(): boolean {
    return this.options.egress !== undefined;
  }

  /** Whether the egress proxy has failed and never reached anybody, so that it may have no way out. */
  get isProxyInDoubt(): boolean {
    return this.reach.isInDoubt();
  }

  /** Whether the egress proxy has reached nobody for so long that its failures count against the endpoints now. */
  get isProxyNoLongerBlamed(): boolean {
    return this.reach.isNoLongerBlamed();
  }

  /** Whether no connection to the URL's host can be opened through the egress proxy, by a fault of the proxy. */
  async proxyFails(url: string, limitMs: number): Promise<boolean> {
    const failure = await this.tryConnection(url, limitMs);
    if (failure instanceof NotReachedByProxy) return this.reach.isNone();
    return failure !== null && isProxyFault(failure.errorCode);
  }

  /** Whether a connection to the URL's host can be opened, with a new lookup. Nothing is sent on it. */
  async canConnect(url: string, limitMs: number): Promise<boolean> {
    const failure = await this.tryConnection(url, limitMs);
    // An endpoint that wants a client certificate sends an alert: it can be reached.
    return failure === null || (failure.errorCode === 'tls_error' && failure.message.includes('_ALERT_'));
  }

  /** Null when it can be opened, else why not. */
  private async tryConnection(url: string, limitMs: number): Promise<AttemptFailure | null> {
    const giveUp = new AbortController();
    const timer = new StallAwareTimer(limitMs, () => giveUp.abort());
    try {
      await this.pool.testConnection(this.targetOf('', url).destination, limitMs, giveUp.signal);
      return null;
    } catch (error) {
      return failureOf(error);
    } finally {
      timer.clear();
    }
  }

  /** Closes the idle connections, and looks all names up again: what was learned during an outage is not true now. */
  forgetConnections(): void {
    this.pool.forget();
  }

  /** Aborts requests in flight, which end as `interrupted`, and later ones, too. */
  close(): void {
    this.pool.close();
  }

  /** Throws when it is not an HTTP URL. */
  private targetOf(
    spaceId: string,
    text: string,
    clientCertificate: ClientCertificate | null = null,
    method: Method = 'POST',
  ): RequestTarget {
    const owner = clientCertificate === null ? spaceId : `${spaceId} ${clientCertificate.id}`;
    const key = method === 'POST' ? `${owner} ${text}` : `${method} ${owner} ${text}`;
    const known = this.targets.get(key);
    if (known !== undefined) return known;
    const parts = parseRequestUrl(text);
    if (parts === null) throw failureOf({ code: 'ERR_INVALID_URL' });
    const { url, secure, host, hostname, port, target } = parts;
    const isOwn = this.options.isOwn?.(text) ?? false;
    // Connections to this installation itself may be private: other requests to the same origin do not share them.
    const poolKey = `${owner} ${isOwn ? 'own ' : ''}${secure ? 'https' : 'http'}://${hostname}:${port}`;
    const requestTarget: RequestTarget = {
      destination: { poolKey, hostname, port, secure, clientCertificate, isOwn },
      requestLine: `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n`,
      url,
    };
    this.targets.set(key, requestTarget);
    return requestTarget;
  }
}

/** One request, from the call to its outcome. Later events are ignored. */
class Exchange implements ExchangeHandler {
  private readonly startedAt = performance.now();
  private readonly timer: StallAwareTimer;
  private readonly chunks: Buffer[] = [];
  private connection: HttpConnection | null = null;
  private connectionInfo: ConnectionInfo | null = null;
  /** The connection, if it was opened for this request. */
  private openedConnection: ConnectionInfo | null = null;
  private statusCode: number | null = null;
  private firstByteAt: number | null = null;
  private responseHeaders: [string, string][] = [];
  private size = 0;
  private interim = 0;
  private lastInterim: number | null = null;
  private settled = false;
  private target: RequestTarget | null = null;
  /** Why the request was sent again; null: it was not. */
  private resent: string | null = null;

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

  /** Ends the attempt at once. A status that has come stays. */
  fail(failure: AttemptFailure): void {
    if (this.settled) return;
    this.settle(failure, true);
    if (this.connection !== null) this.pool.discard(this.connection);
  }

  onStart(info: ConnectionInfo, isFresh: boolean): void {
    this.connectionInfo = info;
    if (isFresh) this.openedConnection = info;
  }

  /** Sends it again, on a new connection, which cannot be stale. */
  onStale(): void {
    this.sendAgain(WAS_CLOSED);
  }

  private sendAgain(why: string): void {
    const { target } = this;
    if (this.settled || target === null) return;
    this.resent = why;
    this.connectionInfo = null;
    if (this.connection !== null) this.pool.discardEnded(this.connection);
    try {
      this.sendOn(this.pool.acquireNew(target.destination), target);
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  onInterim(status: number): void {
    this.interim += 1;
    this.lastInterim = status;
    if (this.interim > MAX_INTERIM)
      this.fail(new AttemptFailure('timeout', 'Only interim responses (1xx) were received.'));
  }

  onStatus(status: number, headers: [string, string][]): void {
    // Some servers say so before they close an idle connection. They have read no request (RFC 9110, 15.5.9).
    const isKept = this.connectionInfo !== null && this.openedConnection === null;
    if (status === 408 && isKept && this.resent === null) return this.sendAgain(WAS_GIVEN_UP);
    if (isKept && this.target !== null) this.pool.noteReuse(this.target.destination);
    this.statusCode = status;
    this.firstByteAt = performance.now();
    this.responseHeaders = headers;
  }

  onBody(bytes: Buffer): void {
    const room = MAX_BODY - this.size;
    // A copy: the bytes are valid only until this returns.
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
    const { connection } = this;
    // When a host disappears without closing its connections, all of them time out.
    if (connection?.awaitsFirstByte === true) this.pool.discardIdle(connection.destination);
    const ofProxy = connection?.openingTimeout ?? null;
    if (ofProxy !== null) return this.fail(ofProxy);
    if (connection?.awaitsFirstByte === true) void this.failUnlessMoved(connection);
    else this.failLate();
  }

  /** A kept connection to an address that is no more the host's says nothing about the endpoint. */
  private async failUnlessMoved(connection: HttpConnection): Promise<void> {
    const limit = sleep(MOVED_LIMIT_MS, false, { ref: false });
    if (await Promise.race([this.pool.hasMoved(connection), limit]))
      this.fail(new AttemptFailure('interrupted', MOVED));
    else this.failLate();
  }

  private failLate(): void {
    const { timeoutMs } = this.request;
    const message =
      this.statusCode === null
        ? `No response was received within ${timeoutMs} ms.`
        : `The response was not complete within ${timeoutMs} ms.`;
    this.fail(new AttemptFailure('timeout', message));
  }

  private sendOn(connection: HttpConnection, { requestLine }: RequestTarget): void {
    this.connection = connection;
    const { headers, body, timeoutMs: limitMs } = this.request;
    connection.send({ requestLine, headers, body, limitMs }, this);
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
      certificateUntil: this.openedConnection?.certificateUntil ?? null,
      stalledMs: this.timer.stalledMs,
      ...(failure?.repeatMs && { repeatMs: failure.repeatMs }),
    });
  }
  private detailOf(failure: AttemptFailure | null): string | null {
    const { statusCode, lastInterim } = this;
    const wasCut = failure?.errorCode === 'connection_reset' && statusCode !== null;
    const reason = wasCut
      ? 'The connection was closed before the response was complete.'
      : (failure?.message ?? null);
    const isInterimOnly = statusCode === null && lastInterim !== null;
    const details = [
      statusCode !== null && (statusCode < 200 || statusCode > 599)
        ? `HTTP has no final status ${statusCode}.`
        : null,
      reason,
      isInterimOnly ? `Only an interim response (${lastInterim}) came.` : null,
      this.resent,
    ];
    const parts = details.filter((detail) => detail !== null);
    return parts.length === 0 ? null : parts.join(' ');
  }
}
