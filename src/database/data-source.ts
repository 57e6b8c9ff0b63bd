import { DataSource, MigrationExecutor, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { postgresTypes } from '../core/postgres-types.js';
import { connectionProblem, parseDatabaseUrl } from './connection-problem.js';

/** The schema all tables live in, so that Posthorn can share a database with the product it serves. */
const SCHEMA = 'posthorn';
/** Any constant; all processes that migrate a database must use the same. */
const MIGRATION_LOCK = 7_061_706_914_201;

/**
 * Our statements are few, prepared, and all go by an index. Left to itself PostgreSQL plans each of them five times on
 * each connection, which over a dozen partitions takes it longer than running them; it plans to read a new day's partition
 * from end to end because it is still empty, and keeps to that while it fills (settling ten deliveries: 7 ms instead of 1);
 * and it may compile what ends after a few rows.
 */
const PLANNING = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';

/**
 * A new connection takes 10 ms to open, its first statement 10 more, and each further one 2 to be planned on it, on an idle
 * machine. pg closes one after ten idle seconds, and whoever comes first afterwards waits.
 */
const IDLE_MS = 300_000;

export interface DataSourceSettings {
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Most connections at once. */
  poolSize?: number;
}

/** TypeORM's door to the database, not yet open. Throws `StartupError` when `url` is not one of PostgreSQL. */
export function createDataSource({ url, entities, poolSize = 20 }: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: parseDatabaseUrl(url).href,
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
      types: postgresTypes,
      keepAlive: true,
      idleTimeoutMillis: IDLE_MS,
      options: PLANNING,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  });
}

/** Opens the data source. Throws `StartupError` when the database does not let us in. */
export async function connect(source: DataSource): Promise<void> {
  try {
    await source.initialize();
  } catch (error) {
    throw connectionProblem(error, (source.options as { url: string }).url);
  }
}

/** Brings the schema up to date. Processes that boot at once wait for the first of them. */
export async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    // Waiting for another process's migration, and a migration itself, may take longer than a statement should.
    await runner.query(`SET statement_timeout = 0`);
    await runner.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    try {
      await runner.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
      const executor = new MigrationExecutor(source, runner);
      executor.transaction = 'each';
      await executor.executePendingMigrations();
    } finally {
      await runner.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
      await runner.query(`RESET statement_timeout`);
    }
  } finally {
    await runner.release();
  }
}
