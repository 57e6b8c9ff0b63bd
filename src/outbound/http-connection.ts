import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { ResponseParser, ResponseParseError, type ResponseHandler } from './response-parser.js';
import { TOKEN } from '../core/header-rules.js';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import type { ConnectionInfo, GuardedConnector } from './guarded-connector.js';

/** What a URL says about the way to an endpoint. */
export interface Destination {
  /** Which lines lead there: a space's own to the same origin, and for this installation's own receivers, lines of their own. */
  poolKey: string;
  hostname: string;
  port: number;
  secure: boolean;
  isOwn: boolean;
}

export type Header = readonly [name: string, value: string];

/** A POST. */
interface HttpRequest {
  /** The request line and the `host` header. */
  requestLine: string;
  /** Besides `host`, `connection` and `content-length`. */
  headers: readonly Header[];
  body: Buffer;
}

/** Hears of one request's answer, or of why none came. */
export interface ExchangeHandler extends ResponseHandler {
  /** The connection is there, and the request leaves; `isFresh` when it was opened for it. */
  onStart(connection: ConnectionInfo, isFresh: boolean): void;
  /** It had served a request before, and is over before a byte of this one's answer came: that says nothing of the endpoint. */
  onStale(): void;
  onFailure(failure: AttemptFailure): void;
}

/**
 * Requests of one connection: one that is never idle would never look up its name again. Each draws its own number, or
 * all 64 to a busy endpoint would be opened anew in the same moment.
 */
const MOST_REQUESTS = 1_000;
const FEWEST_REQUESTS = 500;

/** RFC 9110, section 5.5. Latin-1, as headers are read. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** One connection to an endpoint, which is opened with its first request and carries one request at a time. */
export class HttpConnection {
  private readonly parser = new ResponseParser();
  private readonly openingAbort = new AbortController();
  private socket: Socket | null = null;
  private info: ConnectionInfo | null = null;
  private handler: ExchangeHandler | null = null;
  private requestsLeft = randomInt(FEWEST_REQUESTS, MOST_REQUESTS);
  private idleFrom = Infinity;
  private usableUntil = 0;
  /** Whether the request under way is not the connection's first, and nothing of its answer has come. */
  private mayBeStale = false;

  /** `onGone` hears of a connection that is over while nobody's request is on it. */
  constructor(
    readonly destination: Destination,
    private readonly connector: GuardedConnector,
    private readonly onClosed: (line: HttpConnection) => void,
  ) {}

  /** Whether it may carry another request after this one: not while the rest of one lies here that was answered early. */
  get isReusable(): boolean {
    return this.requestsLeft > 0 && this.socket?.writableLength === 0;
  }

  /** Since when it rests, monotonic milliseconds; Infinity while it does not. */
  get idleSince(): number {
    return this.idleFrom;
  }

  /** Whether the endpoint keeps it open at `now`, as far as is known. */
  isUsable(now: number): boolean {
    return now < this.usableUntil;
  }

  /** Whether it was kept for this request, and has said nothing since. */
  get awaitsFirstByte(): boolean {
    return this.mayBeStale;
  }

  /** Sends a POST. Throws when a header cannot be sent; whatever happens later is the listener's to hear. */
  send(request: HttpRequest, handler: ExchangeHandler): void {
    this.requestsLeft -= 1;
    const bytes = this.serialize(request);
    this.handler = handler;
    this.mayBeStale = this.socket !== null;
    if (this.socket === null) void this.open(bytes, handler);
    else this.write(this.socket, bytes, handler, false);
  }

  /** Its request was answered at `now` (monotonic milliseconds), and the endpoint keeps it open for `keepMs` more. */
  markIdle(now: number, keepMs: number): void {
    this.handler = null;
    this.idleFrom = now;
    this.usableUntil = now + keepMs;
  }

  /** It rests no more. */
  markBusy(): void {
    this.idleFrom = Infinity;
  }

  /** Gives up whatever is under way. Its listener hears nothing. */
  close(): void {
    this.handler = null;
    this.parser.stop();
    this.openingAbort.abort();
    this.socket?.destroy();
  }

  /** The same, but the listener hears why. */
  abort(failure: AttemptFailure): void {
    const { handler } = this;
    this.close();
    handler?.onFailure(failure);
  }

  /** Head and body in one piece: one call of the system instead of one that gathers two. */
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

  private async open(bytes: Buffer, handler: ExchangeHandler): Promise<void> {
    try {
      const { socket, connection } = await this.connector.open(
        this.destination,
        this.openingAbort.signal,
        (bytes) => this.onData(bytes),
      );
      if (this.openingAbort.signal.aborted) return void socket.destroy();
      this.socket = socket;
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

  /** Comes more than once: an end, an error and a close belong together. */
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
 * What one turn has to send leaves at its end, one right after the other. With the work for the next request between two of
 * them a receiver falls asleep after each, and waking it costs more than it has to do.
 */
function writeTogether(socket: Socket, bytes: Buffer): void {
  if (pendingWrites.push([socket, bytes]) > 1) return;
  queueMicrotask(() => {
    const all = pendingWrites;
    pendingWrites = [];
    for (const [each, request] of all) if (!each.destroyed) each.write(request);
  });
}
