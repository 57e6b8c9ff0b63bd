import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { entityTypes } from './postgres-types.js';
import { databaseProblem } from './connection-problem.js';
import type { ClientLimits, Prepared } from './database-client.js';
import { watchOf } from './pool-of.js';
import { SCHEMA } from './schema.js';
import { databaseAddress, watchedOptions } from './watched-pool.js';

/**
 * Our statements are few, prepared, and all go by an index. Left to itself PostgreSQL plans each of them five times on
 * each connection, which over a dozen partitions takes it longer than running them; it plans to read a new day's
 * partition from end to end because it is still empty, and keeps to that while it fills (settling ten deliveries: 7 ms
 * instead of 1); and it may compile what ends after a few rows.
 */
const PLANNING = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' };

/**
 * A new connection takes 10 ms to open, its first statement 10 more, and each further one 2 to be planned on it, on an
 * idle machine. pg closes one after ten idle seconds, and the next request would wait.
 */
const IDLE_MS = 300_000;
/**
 * So many stay open for good, with their statements planned: without them the first event after a rest opens one. pg
 * keeps the ones that were used last.
 */
const KEPT = 2;

/** The server ends a statement after this, so that one nobody waits for does not go on. */
const STATEMENT_MS = 60_000;
const SESSION = {
  ...PLANNING,
  statement_timeout: STATEMENT_MS,
  idle_in_transaction_session_timeout: 60_000,
};
/** Ours come after the server's own: they are for servers and connections that say nothing any more. */
const LIMITS: ClientLimits = { statementMs: STATEMENT_MS + 5_000, transactionMs: 120_000 };
export interface DataSourceSettings {
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Most connections at once. */
  poolSize?: number;
  prepared?: Prepared;
}

/** The names of this release's migrations, oldest first, as the database has them. */
export function migrationNames(): string[] {
  return migrations.map((migration) => new migration().name);
}

/** TypeORM's data source, not yet connected. Throws `StartupError` when `url` is no PostgreSQL address. */
export function createDataSource({
  url,
  entities,
  poolSize = 6,
  prepared = 'auto',
}: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    // TypeORM would look for it, and for pg-native, in the file system.
    driver: pg,
    nativeDriver: false,
    url: databaseAddress(url).url,
    schema: SCHEMA,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    applicationName: 'posthorn',
    poolSize,
    connectTimeoutMS: 5_000,
    installExtensions: false,
    logging: false,
    // An idle connection that breaks is replaced at its next use; there is nothing to do about it here.
    poolErrorHandler: () => undefined,
    extra: {
      ...watchedOptions(url, { limits: LIMITS, session: SESSION, prepared }),
      types: entityTypes,
      idleTimeoutMillis: IDLE_MS,
      min: Math.min(KEPT, poolSize),
    },
  });
}

/** Connects the data source. Throws `StartupError` when the database cannot be reached or refuses the login. */
export async function connect(source: DataSource): Promise<void> {
  try {
    await source.initialize();
  } catch (error) {
    throw databaseProblem(error, watchOf(source).address);
  }
}
