import type { DataSource } from 'typeorm';
import { StartupError } from '../config/startup-error.js';
import { databaseProblem } from './connection-problem.js';
import { connect, createDataSource } from './data-source.js';
import { Database } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { migrate } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { watchOf } from './pool-of.js';
import { schemaState, type SchemaState } from './schema-state.js';

/** A migration has a connection that holds its lock, and one that does the work. */
const CONNECTIONS = 2;
const NOT_ALLOWED = '42501';
const READ_ONLY = '25006';

/** Brings the schema of the database at this address up to date (`migrate.ts`). Throws `StartupError`. */
export async function migrateAt(url: string): Promise<void> {
  await withSource(url, migrate);
}

/** The same, and makes the daily partitions: processes whose role owns no tables cannot. */
export async function prepareAt(url: string): Promise<void> {
  await withSource(url, async (source) => {
    await migrate(source);
    const database = new Database(source);
    const clock = new DatabaseClock(database);
    await clock.sync();
    await ensurePartitions(database, clock.now());
  });
}

/** How the schema there stands to this release. Changes nothing. */
export async function schemaStateAt(url: string): Promise<SchemaState> {
  return withSource(url, schemaState);
}

/** Does something in the database at this address, with connections of its own. */
export async function withSource<T>(url: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = createDataSource({ url, entities: [], poolSize: CONNECTIONS });
  await connect(source);
  try {
    return await work(source);
  } catch (error) {
    const { address } = watchOf(source);
    if (isNotAllowed(error)) throw notAllowed(error as Error, address.user);
    throw (error as { code?: unknown }).code === READ_ONLY ? databaseProblem(error, address) : error;
  } finally {
    await source.destroy();
  }
}

export function isNotAllowed(error: unknown): boolean {
  return (error as { code?: unknown }).code === NOT_ALLOWED;
}

export function notAllowed(error: Error, user: string): StartupError {
  return new StartupError(
    `The database's schema is behind this release, and the role "${user}" may not change it: ` +
      `${error.message}. Run posthorn migrate with a role that owns the schemas posthorn and bullmq, ` +
      'and grant this one what docs/operating.md names.',
    { cause: error },
  );
}
