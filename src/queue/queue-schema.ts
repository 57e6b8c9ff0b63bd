import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { watchedClient } from '../database/watched-pool.js';

/** BullMQ's schema; its Postgres backend allows no other name on a pool that it did not build. */
export const QUEUE_SCHEMA = 'bullmq';

const IS_THERE = `SELECT to_regnamespace('${QUEUE_SCHEMA}') IS NOT NULL AS there`;

/** Creates or upgrades BullMQ's own tables in the database at `url`; several processes may call it at once. */
export async function migrateQueueAt(url: string): Promise<void> {
  const client = watchedClient(url, { limits: { statementMs: Infinity, transactionMs: Infinity } });
  await client.connect();
  try {
    const { rows } = (await (client as pg.Client).query(IS_THERE)) as { rows: { there: boolean }[] };
    await runMigrations(rows[0]?.there ? withoutCreateSchema(client) : client, QUEUE_SCHEMA);
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
