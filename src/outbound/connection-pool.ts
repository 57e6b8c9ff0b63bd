import type { Socket } from 'node:net';
import { compileAllowList } from '../lib/ip-address.js';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import { GuardedConnector, type ConnectorOptions } from './guarded-connector.js';
import { HttpConnection, type Destination } from './http-connection.js';
import { DnsResolver } from './dns-resolver.js';
import { KeepLimits } from './keep-limits.js';

export interface ConnectionPoolOptions extends ConnectorOptions {
  /** CIDR blocks of private or special addresses that connections may go to. */
  allowTargets: readonly string[];
  /** Name servers instead of the system's, as `address` or `address:port`. */
  nameServers?: readonly string[];
}

/**
 * Idle connections beyond the last `KEPT` are closed early, a few in each turn of the event loop: not all at once (ADR
 * 9).
 */
const MAX_IDLE = 16;
const SURPLUS_MS = 2_000;
const EVICTION_INTERVAL_MS = 20;
/** The same while there are few: a timer that wakes an idle process fifty times a second costs 0.2 % of a core. */
const FEW_INTERVAL_MS = 200;
/** A connection that is only tested stays open for so long, milliseconds, if it leads anywhere. */
const STAYS_MS = 200;
/** The part of the idle connections that may be closed in one turn. */
const EVICTION_FRACTION = 1 / 64;

/** All connections to endpoints. Every socket to an endpoint is opened here, by the `GuardedConnector`. */
export class ConnectionPool {
  private readonly resolver: DnsResolver;
  private readonly connector: GuardedConnector;
  private readonly limits = new KeepLimits();
  private readonly connections = new Set<HttpConnection>();
  /** Idle connections by pool key, the last used at the end. */
  private readonly idle = new Map<string, HttpConnection[]>();
  /** How many connections are idle. */
  private idleCount = 0;
  private evictionTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: ConnectionPoolOptions) {
    const allow = compileAllowList(options.allowTargets);
    this.resolver = new DnsResolver(options.nameServers);
    this.connector = new GuardedConnector(allow, this.resolver, options);
  }

  /** A connection for one request, idle or new. It must be released or discarded afterwards. */
  acquire(destination: Destination): HttpConnection {
    if (this.isClosed) throw stopped();
    const idle = this.idle.get(destination.poolKey);
    for (let connection = idle?.at(-1); connection !== undefined; connection = idle?.at(-1)) {
      this.removeIdle(connection);
      if (connection.isUsable(performance.now())) return connection;
      this.discard(connection);
    }
    return this.acquireNew(destination);
  }

  /** The same, but always a new one. */
  acquireNew(destination: Destination): HttpConnection {
    if (this.isClosed) throw stopped();
    const connection = new HttpConnection(destination, this.connector, (gone) => this.discard(gone));
    this.connections.add(connection);
    return connection;
  }

  /** After a complete response: the endpoint lets the connection serve another request within `hintMs` milliseconds. */
  release(connection: HttpConnection, hintMs: number): void {
    if (!this.connections.has(connection)) return;
    const keepMs = this.limits.limit(connection.destination.poolKey, hintMs);
    if (keepMs === 0 || !connection.isReusable) return this.discard(connection);
    connection.endExchange();
    if (connection.hasSentAll) return this.keep(connection, keepMs);
    // The endpoint answered before it had the whole request, unless it is only TLS that has not said so yet.
    setImmediate(() => {
      if (!this.connections.has(connection)) return;
      if (connection.hasSentAll) this.keep(connection, keepMs);
      else this.discard(connection);
    });
  }

  /** It waits for the next request. */
  private keep(connection: HttpConnection, keepMs: number): void {
    connection.markIdle(performance.now(), keepMs);
    const { poolKey } = connection.destination;
    const idle = this.idle.get(poolKey);
    if (idle === undefined) this.idle.set(poolKey, [connection]);
    else idle.push(connection);
    this.idleCount += 1;
    // A longer timer that runs already ends soon enough: surplus connections stay for two seconds anyway.
    this.evictLater();
  }

  /** After anything else: closes the connection, or stops opening it. */
  discard(connection: HttpConnection): void {
    this.removeIdle(connection);
    this.connections.delete(connection);
    connection.close();
  }

  /** A kept connection had ended when it got a request. A restart or an idle limit of the endpoint ends all of them. */
  discardEnded(connection: HttpConnection): void {
    this.limits.noteEnd(connection.destination.poolKey, connection.life, performance.now());
    this.discardIdle(connection.destination);
    this.discard(connection);
  }

  /** A kept connection carried another request. */
  noteReuse({ poolKey }: Destination): void {
    this.limits.noteReuse(poolKey);
  }

  /** Closes the idle connections to this target. */
  discardIdle({ poolKey }: Destination): void {
    for (const connection of [...(this.idle.get(poolKey) ?? [])]) this.discard(connection);
  }

  /** Whether the host has other addresses now than the one that this connection leads to. */
  hasMoved({ destination, address }: HttpConnection): Promise<boolean> | false {
    return address !== null && this.connector.hasMoved(destination, address);
  }

  /** Opens a connection and closes it again. Throws when it cannot be opened, or the other side closes it at once. */
  async testConnection(destination: Destination, limitMs: number, signal: AbortSignal): Promise<void> {
    if (this.isClosed) throw stopped();
    const { socket } = await this.connector.open(
      { ...destination, limitMs, skipDnsCache: true },
      signal,
      () => undefined,
    );
    try {
      // Who finished a handshake is there.
      if (!destination.secure) await staysOpen(socket);
    } finally {
      socket.destroy();
    }
  }

  /** Closes all idle connections, and forgets the addresses and failures of names. */
  forget(): void {
    this.resolver.forget();
    for (const connections of [...this.idle.values()])
      for (const connection of [...connections]) this.discard(connection);
  }

  /** Aborts all requests in flight. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.evictionTimer);
    this.resolver.close();
    this.connector.close();
    this.idle.clear();
    for (const connection of this.connections) {
      connection.markBusy();
      connection.abort(stopped());
    }
    this.connections.clear();
  }

  /** The connection is idle no more. */
  private removeIdle(connection: HttpConnection): void {
    if (connection.idleSince === Infinity) return;
    connection.markBusy();
    this.idleCount -= 1;
    const idle = this.idle.get(connection.destination.poolKey) ?? [];
    // Mostly the last one: it was acquired.
    if (idle.at(-1) === connection) idle.pop();
    else idle.splice(idle.indexOf(connection), 1);
    if (idle.length === 0) this.idle.delete(connection.destination.poolKey);
  }

  private evictIdle(): void {
    let surplus = Math.min(this.idleCount - MAX_IDLE, Math.ceil(this.idleCount * EVICTION_FRACTION));
    const now = performance.now();
    for (const connection of this.connections) {
      if (connection.idleSince > now - SURPLUS_MS) continue;
      if (surplus > 0 || !connection.isUsable(now)) this.discard(connection);
      surplus -= 1;
    }
  }

  private evictLater(): void {
    const ms = this.idleCount > MAX_IDLE ? EVICTION_INTERVAL_MS : FEW_INTERVAL_MS;
    this.evictionTimer ??= setTimeout(() => {
      this.evictionTimer = undefined;
      this.evictIdle();
      if (this.idleCount > 0) this.evictLater();
    }, ms).unref();
  }
}

/** Proxies and sidecars accept connections that they then cannot bring anywhere, and close them. */
function staysOpen(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, STAYS_MS);
    const onGone = (): void => {
      clearTimeout(timer);
      reject(failureOf({ code: 'ECONNRESET' }));
    };
    for (const event of ['end', 'error', 'close']) socket.once(event, onGone);
  });
}

function stopped(): AttemptFailure {
  return new AttemptFailure('interrupted', 'Posthorn stopped before a response was received.');
}
