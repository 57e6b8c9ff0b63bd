import pg from 'pg';
import { parseDatabaseAddress, type DatabaseAddress } from '../config/database-address.js';
import { databaseTls, type DatabaseTls } from '../config/database-tls.js';
import { DATABASE_RULE } from '../config/setting-rules.js';
import { StartupError } from '../config/startup-error.js';
import { DatabaseClient, type ClientLimits, type Prepared, type WatchedConfig } from './database-client.js';
import { ServerWatch } from './server-watch.js';

/** A connection as every pooler lets it in, and that finds out whether there is one. */
const PROBE = {
  limits: { statementMs: 10_000, transactionMs: 10_000 },
  session: {},
  prepared: 'on',
  isProbe: true,
} as const;

/** By address: all that goes to one database in this process is watched as one. */
const watches = new Map<string, ServerWatch>();

/** Throws `StartupError` when `text` is not a PostgreSQL URL. The text is not repeated: it may hold a password. */
export function databaseAddress(text: string): DatabaseAddress {
  const address = parseDatabaseAddress(text);
  if (!address) throw new StartupError(`DATABASE_URL ${DATABASE_RULE.problem}.`);
  return address;
}

/** How the server there is reached. Throws `StartupError` when that cannot be. */
function tlsOf(url: string): DatabaseTls {
  const tls = databaseTls(databaseAddress(url).url);
  if (tls.problem !== null) throw new StartupError(`DATABASE_URL: ${tls.problem}.`);
  try {
    // Reads the files that it names.
    new pg.Client(tls.url);
  } catch (error) {
    throw new StartupError(`DATABASE_URL: its TLS settings cannot be used: ${(error as Error).message}.`);
  }
  return tls;
}

/** What connections have besides their address. */
export interface ConnectionOptions {
  limits: ClientLimits;
  /** Server settings that hold for its session; behind a pooler, for each of its transactions. */
  session?: Record<string, string | number>;
  /** Whether statements may be prepared by name; `auto`: where they are found again. */
  prepared?: Prepared;
}

/** For a pool at `url` whose connections do not wait for ever. */
export function watchedOptions(
  url: string,
  { limits, session = {}, prepared = 'auto' }: ConnectionOptions,
): pg.PoolConfig {
  const Client = DatabaseClient as unknown as new () => pg.ClientBase;
  const own = { Client, watch: watchOf(url), limits, session, prepared };
  return {
    connectionString: tlsOf(url).url,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...own,
  };
}

/** Whether a pooler is at `url` that keeps no session. Throws when there is no answer. */
export async function isPooled(url: string): Promise<boolean> {
  return (await watchOf(url).kind()).isPooled;
}

/** One connection outside any pool that does not wait for ever for a server that has gone. */
export function watchedClient(
  url: string,
  own: ConnectionOptions,
  options: pg.ClientConfig = {},
): DatabaseClient {
  return new DatabaseClient({ ...options, ...watchedOptions(url, own) } as WatchedConfig);
}

function watchOf(url: string): ServerWatch {
  const known = watches.get(url);
  if (known) return known;
  const address = databaseAddress(url);
  const tls = tlsOf(url);
  const options = { connectionString: tls.url, application_name: 'posthorn-watch' };
  const watch: ServerWatch = new ServerWatch(
    address,
    { ...options, plainUrl: tls.plainUrl, negotiation: tls.negotiation },
    () => new DatabaseClient({ ...options, ...PROBE, watch }),
  );
  watches.set(url, watch);
  return watch;
}
