import { Logger } from '@nestjs/common';
import type { ClientConfig } from 'pg';
import { describeHosts, type DatabaseAddress, type DatabaseHost } from '../config/database-address.js';
import { ConnectionLost, isAnswer } from './connection-lost.js';
import { ServerLookup, type Sight } from './server-lookup.js';

const SWEEP_MS = 150;
/** After so long without a byte from the server a fresh connection finds out whether it is there. */
const QUIET_MS = 350;
/** How long that may take: several times what connecting usually takes, within these. */
const LOOK_MS = { min: 900, max: 5_000, times: 4 };
const LOOK_AGAIN_MS = 1_000;
const LOOK_AGAIN_AWAY_MS = 400;
/** So often a server that takes no writes may end all connections. */
const MOVE_EVERY_MS = 5_000;
/** A server that nobody asked for so long is looked for no more. */
const FORGOTTEN_MS = 3_000;

/** What the watch needs to know of a connection. */
interface Watched {
  readonly backendPid: number | null;
  readonly isWaiting: boolean;
  /** Waiting, or in a transaction. */
  readonly isBusy: boolean;
  readonly quietSince: number;
  /** Bytes. */
  readonly heard: number;
  hear(now: number): boolean;
  overdue(now: number): string | null;
  doubt(): void;
  giveUp(reason: string): void;
}

interface Look {
  since: number;
  lookup: ServerLookup;
  /** The connections it asks about, and how much they had heard. */
  about: Map<Watched, number>;
  done: Promise<void>;
}

/**
 * Watches all of this process's connections to one database: one sweep over a list instead of a timer for each statement. A
 * connection that stays without an answer is no evidence by itself, for its statement may take long. So a fresh connection
 * asks: a server that does not answer that either is away, and whoever waits for it learns so at once; one that answers
 * says which connections it is working for, and the others are dead.
 */
export class ServerWatch {
  /** Milliseconds this process has been running: those during which it stood still count as one sweep. */
  now = 0;
  /** Why nobody needs to try, while the database is away. */
  away: string | null = null;
  /** When a statement found no room on the server's disk, by `performance.now()`. */
  diskFullAt = -Infinity;
  private readonly logger = new Logger('database');
  private readonly clients = new Set<Watched>();
  private place: DatabaseHost | null = null;
  private timer: NodeJS.Timeout | undefined;
  private tickedAt = 0;
  private heardAt = 0;
  private askedAt = 0;
  private nextLookAt = 0;
  private movedAt = -MOVE_EVERY_MS;
  private looking: Look | null = null;
  /** What connecting takes, milliseconds. */
  private usual: number | null = null;
  private lastFailure: Error | null = null;

  constructor(
    readonly address: DatabaseAddress,
    private readonly options: ClientConfig,
  ) {}

  add(client: Watched): void {
    this.clients.add(client);
  }

  remove(client: Watched): void {
    this.clients.delete(client);
  }

  /** Somebody begins to wait. */
  attend(): void {
    this.askedAt = this.now;
    this.arm();
  }

  connected(ms: number): void {
    this.usual = this.usual === null ? ms : this.usual + (ms - this.usual) / 4;
  }

  /** Where to connect to; null: where the address says. Rejects when there is nobody to connect to. */
  async whereabouts(): Promise<DatabaseHost | null> {
    this.askedAt = this.now;
    if (this.away !== null) throw new ConnectionLost(this.away);
    const { hosts, isWritable } = this.address;
    if (hosts.length === 1 && !isWritable) return null;
    const place = this.place ?? (await this.find());
    return hosts.length === 1 ? null : place;
  }

  /** The next connection looks for the server anew. */
  forgetPlace(): void {
    this.place = null;
  }

  /** The server takes no writes any more: what is connected to it goes, and the next connection looks for it anew. */
  moved(): void {
    this.forgetPlace();
    if (this.now - this.movedAt < MOVE_EVERY_MS) return;
    this.movedAt = this.now;
    this.logger.warn({ msg: 'database.read_only', servers: describeHosts(this.address) });
    for (const client of [...this.clients]) client.giveUp('The database server takes no writes any more.');
  }

  private async find(): Promise<DatabaseHost> {
    await (this.looking ?? this.look([])).done;
    if (this.place) return this.place;
    throw this.lastFailure ?? new ConnectionLost(this.away ?? 'No database server was found.');
  }

  private arm(): void {
    if (this.timer) return;
    this.tickedAt = performance.now();
    this.timer = setTimeout(() => this.tick(), SWEEP_MS).unref();
  }

  private tick(): void {
    const at = performance.now();
    this.now += Math.min(at - this.tickedAt, 1.5 * SWEEP_MS);
    this.tickedAt = at;
    // After the sockets were read: what came while the event loop was late is no silence.
    setImmediate(() => {
      const isNeeded = this.judge();
      this.timer = isNeeded ? setTimeout(() => this.tick(), SWEEP_MS).unref() : undefined;
    });
  }

  /** Whether there is somebody to watch. */
  private judge(): boolean {
    let isBusy = false;
    const quiet: Watched[] = [];
    for (const client of this.clients) {
      if (client.hear(this.now)) this.heardAt = this.now;
      isBusy ||= client.isBusy;
      const overdue = client.overdue(this.now);
      if (overdue !== null) client.giveUp(overdue);
      else if (client.isWaiting && this.now - client.quietSince >= QUIET_MS) quiet.push(client);
    }
    if (this.looking) this.judgeLook(this.looking);
    else if (this.now >= this.nextLookAt && (this.away !== null || quiet.length > 0)) this.look(quiet);
    if (this.away !== null && !isBusy && this.now - this.askedAt > FORGOTTEN_MS) {
      this.away = null;
      this.looking?.lookup.end();
    }
    return isBusy || this.away !== null || this.looking !== null;
  }

  private judgeLook({ since, lookup }: Look): void {
    const limit = Math.min(LOOK_MS.max, Math.max(LOOK_MS.min, LOOK_MS.times * (this.usual ?? Infinity)));
    if (this.now - since < limit) return;
    // It is slow, but there: others hear from it.
    if (this.heardAt > since && this.now - since < 2 * LOOK_MS.max) return;
    this.looking = null;
    if (this.heardAt <= since) this.lose('it gives no answer');
    lookup.end();
  }

  private look(quiet: Watched[]): Look {
    const about = new Map(quiet.map((client) => [client, client.heard]));
    const pids = quiet.flatMap(({ backendPid }) => backendPid ?? []);
    const lookup = new ServerLookup(this.address, this.options, pids, this.place);
    const done = lookup.sight.then(
      (sight) => this.seen(look, sight),
      (error: unknown) => this.unseen(look, error as Error),
    );
    const look: Look = { since: this.now, lookup, about, done };
    this.looking = look;
    this.arm();
    return look;
  }

  private seen(look: Look, { place, idle }: Sight): void {
    if (this.looking !== look) return;
    this.looking = null;
    this.place = place;
    if (this.away !== null) this.logger.log({ msg: 'database.back', servers: describeHosts(this.address) });
    this.away = null;
    let isDoubtful = false;
    for (const [client, heard] of look.about) {
      const pid = client.backendPid;
      // One that is still connecting has been overtaken.
      const isIdle = pid === null || idle.has(pid);
      if (!isIdle || client.heard !== heard || !client.isWaiting) continue;
      isDoubtful = true;
      client.doubt();
    }
    this.nextLookAt = this.now + (isDoubtful ? 0 : LOOK_AGAIN_MS);
  }

  private unseen(look: Look, error: Error): void {
    if (this.looking !== look) return;
    this.looking = null;
    this.lastFailure = error;
    this.nextLookAt = this.now + LOOK_AGAIN_MS;
    // It is there, but starts, is full or knows us not: let everybody hear that.
    if (isAnswer(error)) this.away = null;
    else this.lose(error.message);
  }

  private lose(reason: string): void {
    this.place = null;
    this.nextLookAt = this.now + LOOK_AGAIN_AWAY_MS;
    if (this.away === null) {
      this.logger.error({ msg: 'database.away', servers: describeHosts(this.address), reason });
    }
    this.away = `The database server is away: ${reason}.`;
    for (const client of [...this.clients]) client.giveUp(this.away);
  }
}
