import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { AnswerReader, BadAnswer, type AnswerListener } from '../core/answer-reader.js';
import { TOKEN } from '../core/header-rules.js';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import type { Connection, ConnectionGuard } from './guarded-connection.js';

/** What a URL says about the way to an endpoint. */
export interface Destination {
  /** Which lines lead there: a space's own to the same origin, and for this installation's own receivers, lines of their own. */
  pool: string;
  hostname: string;
  port: number;
  secure: boolean;
  isOwn: boolean;
}

export type Header = readonly [name: string, value: string];

/** A POST. */
interface Request {
  /** The request line and the `host` header. */
  opening: string;
  /** Besides `host`, `connection` and `content-length`. */
  headers: readonly Header[];
  body: Buffer;
}

/** Hears of one request's answer, or of why none came. */
export interface LineListener extends AnswerListener {
  /** The connection is there, and the request leaves; `isFresh` when it was opened for it. */
  onStart(connection: Connection, isFresh: boolean): void;
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
export class Line {
  private readonly reader = new AnswerReader();
  private readonly opening = new AbortController();
  private socket: Socket | null = null;
  private connection: Connection | null = null;
  private listener: LineListener | null = null;
  private requestsLeft = randomInt(FEWEST_REQUESTS, MOST_REQUESTS);
  private since = Infinity;
  private goodUntil = 0;
  /** Whether the request under way is not the connection's first, and nothing of its answer has come. */
  private mayBeStale = false;

  /** `onGone` hears of a connection that is over while nobody's request is on it. */
  constructor(
    readonly destination: Destination,
    private readonly guard: ConnectionGuard,
    private readonly onGone: (line: Line) => void,
  ) {}

  /** Whether it may carry another request after this one: not while the rest of one lies here that was answered early. */
  get canCarryMore(): boolean {
    return this.requestsLeft > 0 && this.socket?.writableLength === 0;
  }

  /** Since when it rests, monotonic milliseconds; Infinity while it does not. */
  get restingSince(): number {
    return this.since;
  }

  /** Whether the endpoint keeps it open at `now`, as far as is known. */
  isGood(now: number): boolean {
    return now < this.goodUntil;
  }

  /** Whether it was kept for this request, and has said nothing since. */
  get isUnheard(): boolean {
    return this.mayBeStale;
  }

  /** Sends a POST. Throws when a header cannot be sent; whatever happens later is the listener's to hear. */
  send(request: Request, listener: LineListener): void {
    this.requestsLeft -= 1;
    const bytes = this.bytesOf(request);
    this.listener = listener;
    this.mayBeStale = this.socket !== null;
    if (this.socket === null) void this.open(bytes, listener);
    else this.write(this.socket, bytes, listener, false);
  }

  /** Its request was answered at `now` (monotonic milliseconds), and the endpoint keeps it open for `keepMs` more. */
  rest(now: number, keepMs: number): void {
    this.listener = null;
    this.since = now;
    this.goodUntil = now + keepMs;
  }

  /** It rests no more. */
  wake(): void {
    this.since = Infinity;
  }

  /** Gives up whatever is under way. Its listener hears nothing. */
  close(): void {
    this.listener = null;
    this.reader.stop();
    this.opening.abort();
    this.socket?.destroy();
  }

  /** The same, but the listener hears why. */
  breakOff(failure: AttemptFailure): void {
    const { listener } = this;
    this.close();
    listener?.onFailure(failure);
  }

  /** Head and body in one piece: one call of the system instead of one that gathers two. */
  private bytesOf({ opening, headers, body }: Request): Buffer {
    let head = opening + (this.requestsLeft > 0 ? 'connection: keep-alive\r\n' : 'connection: close\r\n');
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

  private async open(bytes: Buffer, listener: LineListener): Promise<void> {
    try {
      const { socket, connection } = await this.guard.open(this.destination, this.opening.signal, (bytes) =>
        this.onData(bytes),
      );
      if (this.opening.signal.aborted) return void socket.destroy();
      this.socket = socket;
      this.connection = connection;
      socket.on('end', () => this.onEnd());
      socket.on('error', (error) => this.onOver(failureOf(error)));
      socket.on('close', () => this.onOver(failureOf({ code: 'ECONNRESET' })));
      this.write(socket, bytes, listener, true);
    } catch (error) {
      this.onOver(failureOf(error));
    }
  }

  private write(socket: Socket, bytes: Buffer, listener: LineListener, isFresh: boolean): void {
    listener.onStart(this.connection as Connection, isFresh);
    this.reader.expect(listener);
    leave(socket, bytes);
  }

  private onData(chunk: Buffer): void {
    this.mayBeStale = false;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.onOver(
        error instanceof BadAnswer ? new AttemptFailure('protocol_error', error.message) : failureOf(error),
      );
    }
  }

  private onEnd(): void {
    if (!this.reader.end()) this.onOver(failureOf({ code: 'ECONNRESET' }));
  }

  /** Comes more than once: an end, an error and a close belong together. */
  private onOver(failure: AttemptFailure): void {
    const { listener } = this;
    this.close();
    if (listener === null) this.onGone(this);
    else if (this.mayBeStale) listener.onStale();
    else listener.onFailure(failure);
  }
}

let leaving: [Socket, Buffer][] = [];

/**
 * What one turn has to send leaves at its end, one right after the other. With the work for the next request between two of
 * them a receiver falls asleep after each, and waking it costs more than it has to do.
 */
function leave(socket: Socket, bytes: Buffer): void {
  if (leaving.push([socket, bytes]) > 1) return;
  queueMicrotask(() => {
    const all = leaving;
    leaving = [];
    for (const [each, request] of all) if (!each.destroyed) each.write(request);
  });
}
