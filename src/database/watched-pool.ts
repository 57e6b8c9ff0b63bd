import pg from 'pg';
import { parseDatabaseAddress, type DatabaseAddress } from '../config/database-address.js';
import { DATABASE_RULE } from '../config/setting-rules.js';
import { StartupError } from '../config/startup-error.js';
import { DatabaseClient, type ClientLimits } from './database-client.js';
import { ServerWatch } from './server-watch.js';

/** By address: all that goes to one database in this process is watched as one. */
const watches = new Map<string, ServerWatch>();

/** Throws `StartupError` when `text` is not a PostgreSQL URL. The text is not repeated: it may hold a password. */
export function databaseAddress(text: string): DatabaseAddress {
  const address = parseDatabaseAddress(text);
  if (!address) throw new StartupError(`DATABASE_URL ${DATABASE_RULE.problem}.`);
  return address;
}

/** For a pool at `url` whose connections do not wait for ever. */
export function watchedOptions(url: string, limits: ClientLimits): pg.PoolConfig {
  const own = { Client: DatabaseClient as unknown as new () => pg.ClientBase, watch: watchOf(url), limits };
  return {
    connectionString: databaseAddress(url).url,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...own,
  };
}

/** One connection outside any pool that does not wait for ever for a server that has gone. */
export function watchedClient(
  url: string,
  limits: ClientLimits,
  options: pg.ClientConfig = {},
): DatabaseClient {
  return new DatabaseClient({
    ...options,
    connectionString: databaseAddress(url).url,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    watch: watchOf(url),
    limits,
  });
}

function watchOf(url: string): ServerWatch {
  const known = watches.get(url);
  if (known) return known;
  const address = databaseAddress(url);
  const watch = new ServerWatch(address, {
    connectionString: address.url,
    application_name: 'posthorn-watch',
  });
  watches.set(url, watch);
  return watch;
}
