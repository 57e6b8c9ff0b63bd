import { randomBytes } from 'node:crypto';
import pg from 'pg';

export const TEMPLATE = 'posthorn_template';
const OBJECT_IN_USE = '55006';

export interface TestDatabase {
  url: string;
  /** Ends whoever is still connected and drops the database. */
  drop: () => Promise<void>;
}

/** A database of its own, migrated and empty: a copy of the template that the global set-up made, or of another one. */
export async function createTestDatabase(template = TEMPLATE): Promise<TestDatabase> {
  const cluster = process.env.TEST_DATABASE_URL;
  if (!cluster) throw new Error('The test cluster is not running: test/support/global-setup.mjs starts it.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // On a fresh cluster copying files beats copying through the log.
  await execute(cluster, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(cluster, name) };
}

/** The server gives those it ends five seconds to go. On a machine that stands still that is not enough at times. */
async function drop(cluster: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await execute(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if (attempt === 5 || (error as pg.DatabaseError).code !== OBJECT_IN_USE) throw error;
    }
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
