import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor, type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { withLockRetry, LOCK_TIMEOUT } from './lock-retry.js';
import { SCHEMA } from './schema.js';
import type { DatabaseClient } from './database-client.js';

/** Any constants; all processes that migrate a database must use the same. */
const RUNNER_LOCK = 7_061_706_914_203;
/** Releases before this one wait for it in a statement, whose snapshot an index that is built online would wait for. */
const SCHEMA_LOCK = 7_061_706_914_201;
const LOOK_MS = 100;

type Pending = Awaited<ReturnType<MigrationExecutor['getPendingMigrations']>>[number];

/**
 * Brings the schema up to date, beside processes that are at work in it. A migration is a transaction whose locks are
 * waited for briefly, again and again; one with `transaction = false` is steps that each may be the last before the
 * process dies, and are gone through again by the next one. Processes that boot at once wait for the first of them.
 */
export async function migrate(source: DataSource): Promise<void> {
  if ((await new MigrationExecutor(source).getPendingMigrations()).length === 0) return;
  const runner = source.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  const { limits } = client;
  try {
    // While its connection and its server live, a migration takes as long as it takes.
    client.limits = { statementMs: Infinity, transactionMs: Infinity };
    // An index of a large table takes longer than a statement should.
    await runner.query(`SET statement_timeout = 0`);
    await locked(runner, RUNNER_LOCK, () => migrateAll(source, runner));
  } finally {
    await runner.query(`RESET statement_timeout`).catch(() => undefined);
    client.limits = limits;
    await runner.release();
  }
}

async function migrateAll(source: DataSource, runner: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(source, runner);
  await locked(runner, SCHEMA_LOCK, async () => {
    await runner.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    // Makes the table of migrations where there is none.
    await executor.showMigrations();
  });
  for (const migration of await executor.getPendingMigrations()) await run(runner, executor, migration);
}

async function run(runner: QueryRunner, executor: MigrationExecutor, migration: Pending): Promise<void> {
  const instance = migration.instance as MigrationInterface;
  if (instance.transaction === false) {
    await instance.up(runner);
    await executor.insertMigration(migration);
    return;
  }
  await locked(runner, SCHEMA_LOCK, () =>
    withLockRetry(() => inTransaction(runner, () => apply(runner, executor, migration)), migration.name),
  );
}

async function apply(runner: QueryRunner, executor: MigrationExecutor, migration: Pending): Promise<void> {
  await (migration.instance as MigrationInterface).up(runner);
  await executor.insertMigration(migration);
}

async function inTransaction(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  await runner.startTransaction();
  try {
    await runner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await work();
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/**
 * Asks for a lock again and again: a statement that waits for it would be waited for by an index that is built online.
 */
async function locked(runner: QueryRunner, lock: number, work: () => Promise<void>): Promise<void> {
  for (;;) {
    const [row] = (await runner.query(`SELECT pg_try_advisory_lock(${lock}) AS mine`)) as { mine: boolean }[];
    if (row?.mine) break;
    await sleep(LOOK_MS);
  }
  try {
    await work();
  } finally {
    // Ends with the connection where that is broken.
    await runner.query(`SELECT pg_advisory_unlock(${lock})`).catch(() => undefined);
  }
}
