import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { compileAllowList } from '../core/address.js';
import { InterimAnswers } from '../core/interim-answers.js';
import { failureOf } from './attempt-outcome.js';
import { ConnectionGuard, type Connection } from './guarded-connection.js';
import { NameResolver } from './name-resolver.js';

export interface DoorOptions {
  /** CIDR blocks of private or special addresses that may be opened. */
  allowTargets: readonly string[];
  /** Certificates in PEM to trust besides the usual authorities. */
  extraCa?: readonly string[];
  /** Name servers instead of the system's, as `address` or `address:port`. */
  nameServers?: readonly string[];
}

const CLIENT_OPTIONS: Client.Options = {
  pipelining: 1,
  allowH2: false,
  // Shorter than the 5 s after which Node's own servers hang up. A receiver's longer hint counts up to 10 s.
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 10_000,
  keepAliveTimeoutThreshold: 1_000,
  maxHeaderSize: 32 * 1024,
  // The attempt has one deadline, and it is the sender's.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/**
 * Requests of one connection: one that is never idle would never look up its name again. Each draws its own number, or
 * all 64 to a busy endpoint would be opened anew in the same moment.
 */
const MOST_REQUESTS = 1_000;
const FEWEST_REQUESTS = 500;

/**
 * undici closes what is idle by a clock that ticks twice a second: after a burst all its connections in one turn of the event
 * loop, 60 ms for 64 of them. So those beyond the last `KEPT` are closed earlier, a few at a time.
 */
const KEPT = 16;
const SURPLUS_MS = 2_000;
const TIDY_MS = 20;
/** The part of what is idle that may be closed in one turn. */
const TIDY_SHARE = 1 / 64;

/**
 * The one way out: every socket Posthorn opens to an endpoint is opened here, behind the address guard.
 *
 * It keeps undici's clients itself, one connection and one request each. undici's Agent would do so too, but 7.30
 * charges a closed pool's disconnects to its successor: after the first reset it opened a connection for every third
 * request instead of for none. It also cannot tell which connection served which request.
 */
export class Door {
  private readonly names: NameResolver;
  private readonly guard: ConnectionGuard;
  private readonly lines = new Set<Line>();
  /** Open and free connections by origin, the last used at the end. */
  private readonly idle = new Map<string, Line[]>();
  /** The same lines of all origins, and since when they are free (monotonic milliseconds); the longest idle first. */
  private readonly idleSince = new Map<Line, number>();
  private tidying: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: DoorOptions) {
    const allow = compileAllowList(options.allowTargets);
    this.names = new NameResolver(options.nameServers);
    this.guard = new ConnectionGuard(allow, this.names, options.extraCa ?? []);
  }

  /**
   * A line for one request: a free one to this origin, or a new one. Give it back or discard it afterwards. An own line
   * leads to this installation itself, wherever that is; other requests to the same origin never share it.
   */
  take(origin: string, isOwn = false): Line {
    if (this.isClosed) throw failureOf({ code: 'UND_ERR_CLOSED' });
    const idle = this.idle.get(poolOf(origin, isOwn))?.pop();
    if (idle !== undefined) {
      this.idleSince.delete(idle);
      return idle;
    }
    const line = new Line(origin, isOwn, this.guard, () => this.forget(line));
    this.lines.add(line);
    return line;
  }

  /** After a complete answer: the connection may serve another request. */
  giveBack(line: Line): void {
    if (!this.lines.has(line)) return;
    const idle = this.idle.get(line.pool);
    if (idle === undefined) this.idle.set(line.pool, [line]);
    else idle.push(line);
    this.idleSince.set(line, performance.now());
    if (this.idleSince.size > KEPT) this.tidying ??= setInterval(() => this.tidy(), TIDY_MS).unref();
  }

  /** After anything else: closes the connection, or gives up opening it. */
  discard(line: Line): void {
    this.lines.delete(line);
    void line.close();
  }

  /** Breaks off whatever is still under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.tidying);
    this.names.close();
    this.idle.clear();
    this.idleSince.clear();
    await Promise.all([...this.lines].map((line) => line.close()));
    this.lines.clear();
  }

  /** A connection that closes while it is free is gone; one in use tells its request, which then discards it. */
  private forget(line: Line): void {
    const idle = this.idle.get(line.pool);
    const at = idle?.indexOf(line) ?? -1;
    if (idle === undefined || at === -1) return;
    idle.splice(at, 1);
    if (idle.length === 0) this.idle.delete(line.pool);
    this.idleSince.delete(line);
    this.discard(line);
  }

  private tidy(): void {
    const surplus = this.idleSince.size - KEPT;
    let count = Math.min(surplus, Math.ceil(this.idleSince.size * TIDY_SHARE));
    const old = performance.now() - SURPLUS_MS;
    for (const [line, since] of this.idleSince) {
      if (since > old || count <= 0) break;
      count -= 1;
      this.forget(line);
    }
    if (surplus > 0) return;
    clearInterval(this.tidying);
    this.tidying = undefined;
  }
}

/** One client of undici, with at most one connection and one request at a time. */
export class Line {
  /** The connection, once there is one, and whether it was opened for the request now on it. */
  connection: Connection | null = null;
  isFresh = false;
  /** Which lines may stand in for it. */
  readonly pool: string;
  private readonly client: Client;
  private readonly closing = new AbortController();
  private readonly interim = new InterimAnswers();

  constructor(
    origin: string,
    isOwn: boolean,
    private readonly guard: ConnectionGuard,
    onDisconnect: () => void,
  ) {
    this.pool = poolOf(origin, isOwn);
    this.client = new Client(origin, {
      ...CLIENT_OPTIONS,
      maxRequestsPerClient: randomInt(FEWEST_REQUESTS, MOST_REQUESTS),
      connect: ({ hostname, port, protocol }, callback) => {
        const secure = protocol === 'https:';
        const target = { hostname, port: Number(port || (secure ? 443 : 80)), secure, isOwn };
        this.guard.open(target, this.closing.signal).then(
          ({ socket, connection }) => {
            this.connection = connection;
            this.isFresh = true;
            readThrough(socket, this.interim);
            callback(null, socket);
          },
          // Never one of undici's own codes: for some of them it would try again and again.
          (error: unknown) => callback(failureOf(error), null),
        );
      },
    });
    this.client.on('disconnect', onDisconnect);
  }

  send(request: Omit<Dispatcher.DispatchOptions, 'origin'>, handler: Dispatcher.DispatchHandler): void {
    this.isFresh = false;
    this.client.dispatch(request, handler);
  }

  /** The request is being written now. Before, whatever comes is none of its answer, and undici hangs up. */
  expectAnswer(): void {
    this.interim.expect();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.client.destroy();
  }
}

function poolOf(origin: string, isOwn: boolean): string {
  return isOwn ? `own ${origin}` : origin;
}

/** Lets undici read the connection's bytes as `interim` passes them on. */
function readThrough(socket: Socket, interim: InterimAnswers): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read(size);
      if (!Buffer.isBuffer(chunk)) return chunk;
      const bytes = interim.pass(chunk);
      if (bytes.length > 0) return bytes;
    }
  };
}
