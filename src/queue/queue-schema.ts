import { LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import type pg from 'pg';
import { databaseProblem } from '../database/connection-problem.js';
import { isNotAllowed, notAllowed } from '../database/migrate-at.js';
import { databaseAddress, watchedClient } from '../database/watched-pool.js';
import { QUEUE_NAME } from './deliver-job.js';

/** BullMQ's schema; its Postgres backend allows no other name on a pool that it did not build. */
export const QUEUE_SCHEMA = 'bullmq';

const IS_THERE = `SELECT to_regnamespace('${QUEUE_SCHEMA}') IS NOT NULL AS schema,
  to_regclass('${QUEUE_SCHEMA}.migration') IS NOT NULL AS "table"`;
const VERSION = `SELECT coalesce(max(version), 0)::int AS version FROM ${QUEUE_SCHEMA}.migration`;

/** The version that the queue's tables have, 0 where there are none, and the one that this release needs. */
export interface QueueSchema {
  has: number;
  needs: number;
}

/** Changes nothing. */
export async function queueSchemaAt(url: string): Promise<QueueSchema> {
  return withClient(url, versionsOf);
}

/**
 * Creates or upgrades BullMQ's own tables in the database at `url`; several processes may call it at once. Tables that
 * are up to date are only read, since the role may own none of them.
 */
export async function migrateQueueAt(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { has, needs } = await versionsOf(client);
    if (has >= needs) return;
    const { schema } = await one<{ schema: boolean }>(client, IS_THERE);
    await runMigrations(schema ? withoutCreateSchema(client) : client, QUEUE_SCHEMA);
    await makeSequence(client);
  });
}

/**
 * BullMQ would make the sequence of a queue with its first job, and the role that adds it may be allowed to make none.
 */
async function makeSequence(client: pg.Client): Promise<void> {
  await client.query(`BEGIN; SET LOCAL search_path TO ${QUEUE_SCHEMA}`);
  await client.query('SELECT next_job_id($1)', [QUEUE_NAME]);
  await client.query('COMMIT');
}

async function versionsOf(client: pg.Client): Promise<QueueSchema> {
  const { table } = await one<{ table: boolean }>(client, IS_THERE);
  const has = table ? (await one<{ version: number }>(client, VERSION)).version : 0;
  return { has, needs: LATEST_SCHEMA_VERSION };
}

async function one<Row extends object>(client: pg.Client, text: string): Promise<Row> {
  return (await client.query<Row>(text)).rows[0] as Row;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client: pg.Client = watchedClient(url, {
    limits: { statementMs: Infinity, transactionMs: Infinity },
  });
  try {
    await client.connect();
  } catch (error) {
    throw databaseProblem(error, databaseAddress(url));
  }
  try {
    return await work(client);
  } catch (error) {
    throw isNotAllowed(error) ? notAllowed(error as Error, databaseAddress(url).user) : error;
  } finally {
    await client.end();
  }
}

/** Even IF NOT EXISTS needs a right that a role with a schema of its own may lack. */
function withoutCreateSchema(client: pg.Client): pg.Client {
  const query = (text: string, values?: unknown[]) =>
    text.startsWith('CREATE SCHEMA IF NOT EXISTS') ? client.query('SELECT 1') : client.query(text, values);
  return { query } as unknown as pg.Client;
}
