import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor, type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { DatabaseClient } from './database-client.js';
import { withLockRetry, LOCK_TIMEOUT } from './lock-retry.js';
import { watchOf } from './pool-of.js';
import { SCHEMA } from './schema.js';
import { checkNotNewer, noteRelease, schemaState, type SchemaState } from './schema-state.js';

/** Any constants; all processes that migrate a database must use the same. */
const RUNNER_LOCK = 7_061_706_914_203;
/** Releases before this one wait for it in a statement, whose snapshot an index that is built online would wait for. */
const SCHEMA_LOCK = 7_061_706_914_201;
const LOOK_MS = 100;

/** A migration takes as long as it takes, while its connection and its server live. */
const NO_LIMITS = { statementMs: Infinity, transactionMs: Infinity };
const NO_TIMEOUTS = 'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0';

type Pending = SchemaState['missing'][number];

/**
 * Brings the schema up to date, beside processes that are at work in it. A migration is a transaction whose locks are
 * waited for briefly, again and again; one with `transaction = false` is steps that each may be the last before the
 * process dies, and are gone through again by the next one. Processes that boot at once wait for the first of them.
 *
 * Takes two connections. Keeps nothing in a session but a timeout, and that not behind a pooler: locks belong to
 * transactions.
 */
export async function migrate(source: DataSource): Promise<void> {
  const state = await schemaState(source);
  checkNotNewer(state);
  if (state.missing.length === 0) return;
  const { isPooled } = await watchOf(source).kind();
  await withRunner(source, (holder) =>
    inTransaction(holder, async () => {
      await holder.query(NO_TIMEOUTS);
      while (!(await takesLock(holder, RUNNER_LOCK))) await sleep(LOOK_MS);
      await withRunner(source, async (runner) => {
        // An index of a large table takes longer than a statement should.
        if (!isPooled) await runner.query(`SET statement_timeout = 0`);
        try {
          await migrateAll(source, runner, holder);
        } finally {
          if (!isPooled) await runner.query(`RESET statement_timeout`).catch(() => undefined);
        }
      });
    }),
  );
}

async function migrateAll(source: DataSource, runner: QueryRunner, holder: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(source, runner);
  await withSchemaLock(runner, async () => {
    await createSchema(runner);
    // Makes the table of migrations where there is none.
    await executor.showMigrations();
  });
  for (const migration of await executor.getPendingMigrations()) {
    // Fails when its connection, and so the lock, is lost.
    await holder.query('SELECT 1');
    await run(runner, executor, migration);
  }
}

/** Even IF NOT EXISTS needs a right that a role with a schema of its own may lack. */
async function createSchema(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query(`SELECT to_regnamespace('${SCHEMA}') IS NOT NULL AS there`)) as {
    there: boolean;
  }[];
  if (!row?.there) await runner.query(`CREATE SCHEMA ${SCHEMA}`);
}

/** The first migration would create the schema again. */
function withoutCreateSchema(runner: QueryRunner): QueryRunner {
  const query: QueryRunner['query'] = (text: string, ...rest: never[]) =>
    text.startsWith('CREATE SCHEMA IF NOT EXISTS') ? Promise.resolve([]) : runner.query(text, ...rest);
  return Object.assign(Object.create(runner) as QueryRunner, { query });
}

async function run(runner: QueryRunner, executor: MigrationExecutor, migration: Pending): Promise<void> {
  const instance = migration.instance as MigrationInterface;
  if (instance.transaction === false) {
    await instance.up(runner);
    await note(runner, executor, migration);
    return;
  }
  await withLockRetry(
    () =>
      withSchemaLock(runner, async () => {
        await instance.up(withoutCreateSchema(runner));
        await note(runner, executor, migration);
      }),
    migration.name,
  );
}

async function note(runner: QueryRunner, executor: MigrationExecutor, migration: Pending): Promise<void> {
  await executor.insertMigration(migration);
  await noteRelease((text, values) => runner.query(text, values), migration.name);
}

/** Does `work` in a transaction that nobody else's migration runs beside. */
async function withSchemaLock(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  for (;;) {
    const isMine = await inTransaction(runner, async () => {
      await runner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'; ${NO_TIMEOUTS}`);
      if (!(await takesLock(runner, SCHEMA_LOCK))) return false;
      await work();
      return true;
    });
    if (isMine) return;
    await sleep(LOOK_MS);
  }
}

/** Never waits for it in a statement, which an index that is built online would wait for in turn. */
async function takesLock(runner: QueryRunner, lock: number): Promise<boolean> {
  const [row] = (await runner.query(`SELECT pg_try_advisory_xact_lock(${lock}) AS mine`)) as {
    mine: boolean;
  }[];
  return row?.mine ?? false;
}

async function inTransaction<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

async function withRunner<T>(source: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  const { limits } = client;
  client.limits = NO_LIMITS;
  try {
    return await work(runner);
  } finally {
    client.limits = limits;
    await runner.release();
  }
}
