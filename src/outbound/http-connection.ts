import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { ResponseParser, ResponseParseError, type ResponseHandler } from './response-parser.js';
import type { ClientCertificate } from '../core/client-certificate.js';
import { TOKEN } from '../core/header-rules.js';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import type { ConnectionInfo, GuardedConnector } from './guarded-connector.js';
import type { EndedConnection } from './keep-limits.js';
import type { OpeningProgress } from './proxy-client.js';

/** Where a URL's requests go. */
export interface Destination {
  /** Requests with the same key share connections: those of one space to one origin. */
  poolKey: string;
  hostname: string;
  port: number;
  secure: boolean;
  clientCertificate: ClientCertificate | null;
  isOwn: boolean;
}

export type Header = readonly [name: string, value: string];

/** A request with a body. */
interface HttpRequest {
  /** The request line and the `host` header, as they are sent. */
  requestLine: string;
  /** Besides `host`, `connection` and `content-length`. */
  headers: readonly Header[];
  body: Buffer;
  /** How long all may take, milliseconds. */
  limitMs?: number;
}

/** Handles one request's response, or the reason why none came. */
export interface ExchangeHandler extends ResponseHandler {
  /** The connection is open, and the request is sent. `isFresh`: it was opened for this request. */
  onStart(connection: ConnectionInfo, isFresh: boolean): void;
  /** A kept connection ended before a byte of the response came. That says nothing about the endpoint. */
  onStale(): void;
  onFailure(failure: AttemptFailure): void;
}

/**
 * Requests on one connection, so that busy endpoints' names are looked up again; random, so that not all end at once.
 */
const MOST_REQUESTS = 1_000;
const FEWEST_REQUESTS = 500;

/** What a header value may not contain (RFC 9110, section 5.5). Latin-1, as headers are read. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** One HTTP/1.1 connection to an endpoint. It opens with its first request and carries one request at a time. */
export class HttpConnection {
  private readonly parser = new ResponseParser();
  private readonly openingAbort = new AbortController();
  private readonly progress: OpeningProgress = { explain: null };
  private socket: Socket | null = null;
  private info: ConnectionInfo | null = null;
  private handler: ExchangeHandler | null = null;
  private requestsLeft = randomInt(FEWEST_REQUESTS, MOST_REQUESTS);
  private openedAt = 0;
  private idleFrom = Infinity;
  private keptFrom = 0;
  private idleMs = 0;
  private usableUntil = 0;
  /** Whether the current request is not the connection's first, and no byte of its response has come. */
  private mayBeStale = false;

  /** `onClosed` is called when the connection ends while it is idle. */
  constructor(
    readonly destination: Destination,
    private readonly connector: GuardedConnector,
    private readonly onClosed: (connection: HttpConnection) => void,
  ) {}

  /** Whether it may carry another request after this one. */
  get isReusable(): boolean {
    return this.requestsLeft > 0;
  }

  /** Whether the system has all of the last request, as far as Node says: of TLS it does so a turn later. */
  get hasSentAll(): boolean {
    return this.socket?.writableLength === 0;
  }

  /** Since when it is idle, monotonic milliseconds; Infinity while it is not. */
  get idleSince(): number {
    return this.idleFrom;
  }

  /** What it means for others if it has ended: when it was opened, and how long it had been idle before its request. */
  get life(): EndedConnection {
    return { openedAt: this.openedAt, idleMs: this.idleMs };
  }

  /** Whether the endpoint keeps it open at `now`, as far as is known. */
  isUsable(now: number): boolean {
    return now < this.usableUntil;
  }

  /** Whether it is a kept one on which no byte of this response has come. */
  get awaitsFirstByte(): boolean {
    return this.mayBeStale;
  }

  /** Where it leads; null while it is not open, or where only the egress proxy knows. */
  get address(): string | null {
    return this.info?.address ?? null;
  }

  /** What it means that the time is up now; null when only the endpoint can have been slow. */
  get openingTimeout(): AttemptFailure | null {
    return this.progress.explain?.() ?? null;
  }

  /** Sends a request. Throws when a header cannot be sent; the handler gets all that happens later. */
  send(request: HttpRequest, handler: ExchangeHandler): void {
    this.requestsLeft -= 1;
    const bytes = this.serialize(request);
    this.handler = handler;
    this.mayBeStale = this.socket !== null;
    if (this.socket === null) return void this.open(bytes, handler, request.limitMs);
    this.idleMs = performance.now() - this.keptFrom;
    this.write(this.socket, bytes, handler, false);
  }

  /** The response is complete: its handler hears no more of this connection. */
  endExchange(): void {
    this.handler = null;
  }

  /** It is idle since `now` (monotonic milliseconds), and the endpoint keeps it open for `keepMs`. */
  markIdle(now: number, keepMs: number): void {
    this.idleFrom = now;
    this.keptFrom = now;
    this.usableUntil = now + keepMs;
  }

  /** It is idle no more. */
  markBusy(): void {
    this.idleFrom = Infinity;
  }

  /** Closes it. The handler is not called. */
  close(): void {
    this.handler = null;
    this.parser.stop();
    this.openingAbort.abort();
    this.socket?.destroy();
  }

  /** Closes it, and reports the error to the handler. */
  abort(failure: AttemptFailure): void {
    const { handler } = this;
    this.close();
    handler?.onFailure(failure);
  }

  /** Writes head and body in one piece: one system call. */
  private serialize({ requestLine, headers, body }: HttpRequest): Buffer {
    let head = requestLine + (this.requestsLeft > 0 ? 'connection: keep-alive\r\n' : 'connection: close\r\n');
    for (const [name, value] of headers) {
      if (!TOKEN.test(name) || !VALUE.test(value)) throw failureOf({ code: 'ERR_INVALID_HEADER' });
      head += `${name}: ${value}\r\n`;
    }
    head += `content-length: ${body.length}\r\n\r\n`;
    const bytes = Buffer.allocUnsafe(head.length + body.length);
    bytes.write(head, 'latin1');
    body.copy(bytes, head.length);
    return bytes;
  }

  private async open(bytes: Buffer, handler: ExchangeHandler, limitMs = Infinity): Promise<void> {
    try {
      const { socket, connection } = await this.connector.open(
        { ...this.destination, limitMs },
        this.openingAbort.signal,
        (bytes) => this.onData(bytes),
        this.progress,
      );
      if (this.openingAbort.signal.aborted) return void socket.destroy();
      this.socket = socket;
      this.openedAt = performance.now();
      this.info = connection;
      socket.on('end', () => this.onEnd());
      socket.on('error', (error) => this.onOver(failureOf(error)));
      socket.on('close', () => this.onOver(failureOf({ code: 'ECONNRESET' })));
      this.write(socket, bytes, handler, true);
    } catch (error) {
      this.onOver(failureOf(error));
    }
  }

  private write(socket: Socket, bytes: Buffer, handler: ExchangeHandler, isFresh: boolean): void {
    handler.onStart(this.info as ConnectionInfo, isFresh);
    this.parser.expect(handler);
    writeTogether(socket, bytes);
  }

  private onData(chunk: Buffer): void {
    this.mayBeStale = false;
    try {
      this.parser.push(chunk);
    } catch (error) {
      this.onOver(
        error instanceof ResponseParseError
          ? new AttemptFailure('protocol_error', error.message)
          : failureOf(error),
      );
    }
  }

  private onEnd(): void {
    if (!this.parser.end()) this.onOver(failureOf({ code: 'ECONNRESET' }));
  }

  /** May be called more than once: an end, an error and a close belong together. */
  private onOver(failure: AttemptFailure): void {
    const { handler } = this;
    this.close();
    if (handler === null) this.onClosed(this);
    else if (this.mayBeStale) handler.onStale();
    else handler.onFailure(failure);
  }
}

let pendingWrites: [Socket, Buffer][] = [];

/**
 * All requests of one turn of the event loop are written at its end, one right after the other: else a receiver on the
 * same machine falls asleep between two of them, and waking it costs more than its work.
 */
function writeTogether(socket: Socket, bytes: Buffer): void {
  if (pendingWrites.push([socket, bytes]) > 1) return;
  queueMicrotask(() => {
    const all = pendingWrites;
    pendingWrites = [];
    for (const [each, request] of all) if (!each.destroyed) each.write(request);
  });
}
