import { Logger } from '@nestjs/common';
import type { Client, ClientConfig } from 'pg';
import { describeHosts, type DatabaseAddress, type DatabaseHost } from '../config/database-address.js';
import type { Negotiation } from '../config/database-tls.js';
import { ConnectionLost, isServerResponse } from './connection-lost.js';
import { lookAtKind, type ServerKind } from './pooler.js';
import { ServerLookup, type LookupResult } from './server-lookup.js';

const SWEEP_MS = 50;
/** What a late sweep counts at most, milliseconds: this process must have had several turns to read an answer. */
const MAX_SWEEP_MS = 225;
/** After so long without a byte from the server, a fresh connection tests whether it is there, milliseconds. */
const SILENT_MS = 350;
/** How long that may take, milliseconds: several times what connecting usually takes, within these bounds. */
const LOOKUP_TIMEOUT_MS = { min: 900, max: 5_000, times: 4 };
const LOOKUP_INTERVAL_MS = 1_000;
const LOOKUP_INTERVAL_AWAY_MS = 400;
/** All connections are ended at most this often because the server is read-only, milliseconds. */
const READ_ONLY_INTERVAL_MS = 5_000;
/** A server that has not been used for so long is not tested any more, milliseconds. */
const UNUSED_MS = 3_000;

interface WatchOptions extends ClientConfig {
  /** The address without TLS. */
  plainUrl: string;
  negotiation: Negotiation | null;
}

/** The server has no TLS, or refuses logins without or with it (28000). */
function isTlsRefusal(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === '28000' || message.includes('does not support SSL');
}

/** What the watch knows of a connection. */
interface WatchedConnection {
  readonly backendPid: number | null;
  readonly isWaiting: boolean;
  /** Waiting, or in a transaction. */
  readonly isBusy: boolean;
  readonly silentSince: number;
  /** Bytes. */
  readonly bytesReceived: number;
  noteActivity(now: number): boolean;
  overdueReason(now: number): string | null;
  suspect(): void;
  terminate(reason: string): void;
}

interface PendingLookup {
  since: number;
  lookup: ServerLookup;
  /** The connections that it asks about, and how many bytes each had received. */
  about: Map<WatchedConnection, number>;
  done: Promise<void>;
}

/**
 * Watches all of this process's connections to one database: one sweep over a list instead of a timer for each
 * statement. A connection without a response proves nothing, since its statement may take long. So a fresh connection
 * is opened. If the server does not respond to that either, it is away, and all waiting statements fail at once. If it
 * does, it says which connections it is working for, and the others are dead.
 */
export class ServerWatch {
  /** How long this process has been running, milliseconds. A stall counts as `MAX_SWEEP_MS`. */
  now = 0;
  /** Why statements fail at once, while the database is away; null while it is there. */
  away: string | null = null;
  /** Whether connections go without the TLS that the address allows. */
  isPlain = false;
  /** When a statement found no room on the server's disk, by `performance.now()`. */
  diskFullAt = -Infinity;
  private readonly logger = new Logger('database');
  private readonly clients = new Set<WatchedConnection>();
  private currentHost: DatabaseHost | null = null;
  private timer: NodeJS.Timeout | undefined;
  private tickedAt = 0;
  private receivedAt = 0;
  private askedAt = 0;
  private nextLookupAt = 0;
  private readOnlyAt = -READ_ONLY_INTERVAL_MS;
  private pendingLookup: PendingLookup | null = null;
  /** How long connecting usually takes, milliseconds. */
  private usualConnectMs: number | null = null;
  private lastFailure: Error | null = null;
  private knownKind: Promise<ServerKind> | null = null;

  constructor(
    readonly address: DatabaseAddress,
    private readonly options: WatchOptions,
    private readonly makeProbe: () => Client,
  ) {}

  add(client: WatchedConnection): void {
    this.clients.add(client);
  }

  remove(client: WatchedConnection): void {
    this.clients.delete(client);
  }

  /** To be called when a statement begins to wait. */
  startSweeping(): void {
    this.askedAt = this.now;
    this.arm();
  }

  connected(ms: number): void {
    this.usualConnectMs =
      this.usualConnectMs === null ? ms : this.usualConnectMs + (ms - this.usualConnectMs) / 4;
  }

  /** The host to connect to; null: the one in the address. Rejects when no host can be reached. */
  async resolveHost(): Promise<DatabaseHost | null> {
    this.askedAt = this.now;
    if (this.away !== null) throw new ConnectionLost(this.away);
    const { hosts, isWritable } = this.address;
    if (hosts.length === 1 && !isWritable) return null;
    const place = this.currentHost ?? (await this.find());
    return hosts.length === 1 ? null : place;
  }

  /** The kind of server: looked up once, on a connection of its own. Rejects while the server does not respond. */
  kind(): Promise<ServerKind> {
    const looking = (this.knownKind ??= this.look());
    looking.catch(() => {
      if (this.knownKind === looking) this.knownKind = null;
    });
    return looking;
  }

  /** With `prefer` or `allow`, the other way is tried when the server refuses the first. */
  private async look(): Promise<ServerKind> {
    const { negotiation } = this.options;
    this.isPlain = negotiation === 'allow';
    try {
      return await lookAtKind(this.makeProbe());
    } catch (error) {
      if (negotiation === null || !isTlsRefusal(error)) throw error;
      this.isPlain = !this.isPlain;
      return lookAtKind(this.makeProbe());
    }
  }

  /** To be called when the server refuses what it accepted before: TLS or no TLS. */
  onRefused(error: Error): void {
    if (this.options.negotiation !== null && isTlsRefusal(error)) this.knownKind = null;
  }

  /** The next connection looks up the host again. */
  forgetHost(): void {
    this.currentHost = null;
  }

  /** The server has become read-only: ends its connections, and the next one looks up the host again. */
  onReadOnly(): void {
    this.forgetHost();
    if (this.now - this.readOnlyAt < READ_ONLY_INTERVAL_MS) return;
    this.readOnlyAt = this.now;
    this.logger.warn({ msg: 'database.read_only', servers: describeHosts(this.address) });
    for (const client of [...this.clients]) client.terminate('The database server no longer accepts writes.');
  }

  private async find(): Promise<DatabaseHost> {
    await (this.pendingLookup ?? this.startLookup([])).done;
    if (this.currentHost) return this.currentHost;
    throw this.lastFailure ?? new ConnectionLost(this.away ?? 'No database server was found.');
  }

  private get lookupOptions(): ClientConfig {
    const { plainUrl, negotiation: _, ...options } = this.options;
    return this.isPlain ? { ...options, connectionString: plainUrl } : options;
  }

  private arm(): void {
    if (this.timer) return;
    this.tickedAt = performance.now();
    this.timer = setTimeout(() => this.tick(), SWEEP_MS).unref();
  }

  private tick(): void {
    const at = performance.now();
    this.now += Math.min(at - this.tickedAt, MAX_SWEEP_MS);
    this.tickedAt = at;
    // After the sockets were read: what arrived while the event loop was late counts.
    setImmediate(() => {
      const isNeeded = this.sweep();
      this.timer = isNeeded ? setTimeout(() => this.tick(), SWEEP_MS).unref() : undefined;
    });
  }

  /** Whether a connection needs to be watched. */
  private sweep(): boolean {
    let isBusy = false;
    const silent: WatchedConnection[] = [];
    for (const client of this.clients) {
      if (client.noteActivity(this.now)) this.receivedAt = this.now;
      isBusy ||= client.isBusy;
      const overdue = client.overdueReason(this.now);
      if (overdue !== null) client.terminate(overdue);
      else if (client.isWaiting && this.now - client.silentSince >= SILENT_MS) silent.push(client);
    }
    if (this.pendingLookup) this.checkLookupTimeout(this.pendingLookup);
    else if (this.now >= this.nextLookupAt && (this.away !== null || silent.length > 0))
      this.startLookup(silent);
    if (this.away !== null && !isBusy && this.now - this.askedAt > UNUSED_MS) {
      this.away = null;
      this.pendingLookup?.lookup.end();
    }
    return isBusy || this.away !== null || this.pendingLookup !== null;
  }

  private checkLookupTimeout({ since, lookup }: PendingLookup): void {
    const limit = Math.min(
      LOOKUP_TIMEOUT_MS.max,
      Math.max(LOOKUP_TIMEOUT_MS.min, LOOKUP_TIMEOUT_MS.times * (this.usualConnectMs ?? Infinity)),
    );
    if (this.now - since < limit) return;
    // It is slow, but there: other connections receive data.
    if (this.receivedAt > since && this.now - since < 2 * LOOKUP_TIMEOUT_MS.max) return;
    this.pendingLookup = null;
    if (this.receivedAt <= since) this.markAway('it does not respond');
    lookup.end();
  }

  private startLookup(silent: WatchedConnection[]): PendingLookup {
    const about = new Map(silent.map((client) => [client, client.bytesReceived]));
    const pids = silent.flatMap(({ backendPid }) => backendPid ?? []);
    const lookup = new ServerLookup(this.address, this.lookupOptions, pids, this.currentHost);
    const done = lookup.result.then(
      (sight) => this.onLookupResult(pending, sight),
      (error: unknown) => this.onLookupError(pending, error as Error),
    );
    const pending: PendingLookup = { since: this.now, lookup, about, done };
    this.pendingLookup = pending;
    this.arm();
    return pending;
  }

  private onLookupResult(pending: PendingLookup, { place, idle }: LookupResult): void {
    if (this.pendingLookup !== pending) return;
    this.pendingLookup = null;
    this.currentHost = place;
    if (this.away !== null) this.logger.log({ msg: 'database.back', servers: describeHosts(this.address) });
    this.away = null;
    let isDoubtful = false;
    for (const [client, heard] of pending.about) {
      const pid = client.backendPid;
      // One that is still connecting took longer than the test.
      const isIdle = pid === null || idle.has(pid);
      if (!isIdle || client.bytesReceived !== heard || !client.isWaiting) continue;
      isDoubtful = true;
      client.suspect();
    }
    this.nextLookupAt = this.now + (isDoubtful ? 0 : LOOKUP_INTERVAL_MS);
  }

  private onLookupError(pending: PendingLookup, error: Error): void {
    if (this.pendingLookup !== pending) return;
    this.pendingLookup = null;
    this.lastFailure = error;
    this.nextLookupAt = this.now + LOOKUP_INTERVAL_MS;
    // It is there, but is starting, has no free connections or refuses the login: statements shall fail with that.
    if (isServerResponse(error)) this.away = null;
    else this.markAway(error.message);
  }

  private markAway(reason: string): void {
    this.currentHost = null;
    this.nextLookupAt = this.now + LOOKUP_INTERVAL_AWAY_MS;
    if (this.away === null) {
      this.logger.error({ msg: 'database.away', servers: describeHosts(this.address), reason });
    }
    this.away = `The database server is unavailable: ${reason}.`;
    for (const client of [...this.clients]) client.terminate(this.away);
  }
}
