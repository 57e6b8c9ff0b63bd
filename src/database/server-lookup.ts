import type { Socket } from 'node:net';
import pg from 'pg';
import type { DatabaseAddress, DatabaseHost } from '../config/database-address.js';
import { NoUsableHost } from './connection-lost.js';

/** How long one host has before the next one is tried beside it, milliseconds. */
const STAGGER_MS = 250;

/** What a look at the database found. */
export interface LookupResult {
  place: DatabaseHost;
  /** Of the connections that were asked about: those whose server process waits for a statement. */
  idle: ReadonlySet<number>;
}

/**
 * A connection whose statement takes its time is at work; one that waits for a statement we sent never got it, or its
 * answer was lost: nothing will ever come of it.
 */
const LOOKUP = `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly",
  ARRAY(SELECT pid FROM pg_stat_activity WHERE pid = ANY($1::int[]) AND state LIKE 'idle%'
        AND clock_timestamp() - state_change > interval '300 ms') AS idle`;

/** A look at the database on a fresh connection. It has no deadline of its own: the caller ends it. */
export class ServerLookup {
  readonly result: Promise<LookupResult>;
  private readonly clients = new Set<pg.Client>();
  private isEnded = false;

  constructor(
    private readonly address: DatabaseAddress,
    private readonly options: pg.ClientConfig,
    private readonly pids: number[],
    first: DatabaseHost | null,
  ) {
    const hosts = [...address.hosts].sort((a, b) => Number(b === first) - Number(a === first));
    this.result = this.lookUpAny(hosts).finally(() => this.end());
  }

  /** Lets go of whatever is still under way. */
  end(): void {
    this.isEnded = true;
    for (const client of this.clients) client.connection.stream.destroy();
    this.clients.clear();
  }

  private lookUpAny(hosts: DatabaseHost[]): Promise<LookupResult> {
    return new Promise((resolve, reject) => {
      const failures: { host: string; error: Error }[] = [];
      let next = 0;
      const begin = () => {
        const place = hosts[next];
        if (!place || this.isEnded) return;
        next += 1;
        const timer = setTimeout(begin, STAGGER_MS).unref();
        this.lookUpHost(place).then(resolve, (error: unknown) => {
          clearTimeout(timer);
          failures.push({ host: `${place.host}:${place.port}`, error: error as Error });
          if (failures.length === hosts.length)
            reject(hosts.length === 1 ? (error as Error) : new NoUsableHost(failures));
          // Whatever others are waited for: the timer for the next one is gone.
          else begin();
        });
      };
      begin();
    });
  }

  private async lookUpHost(place: DatabaseHost): Promise<LookupResult> {
    const client = new pg.Client(this.options);
    this.clients.add(client);
    client.on('error', () => undefined);
    (client.connection.stream as Socket).unref();
    const isOnly = this.address.hosts.length === 1;
    if (!isOnly) Object.assign(client, place);
    await client.connect();
    const { rows } = await client.query<{ isReadOnly: boolean; idle: number[] }>(LOOKUP, [this.pids]);
    const [row] = rows;
    if (this.address.isWritable && row?.isReadOnly !== false) throw new Error('takes no writes');
    return { place, idle: new Set(row?.idle) };
  }
}
