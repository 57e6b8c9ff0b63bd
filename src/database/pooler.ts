import { randomBytes } from 'node:crypto';
import type pg from 'pg';

/** What is at the other end of a database address. */
export interface ServerKind {
  /** A connection pooler that may give each transaction another server connection: no session keeps its state. */
  isPooled: boolean;
  /** Whether a statement that was prepared by name is found again. */
  keepsNames: boolean;
}

const BACKEND = 'SELECT pg_backend_pid() AS pid';
const NAMES = 'SELECT name FROM pg_prepared_statements WHERE statement LIKE $1';

/**
 * Finds out by a fresh connection without startup parameters that a pooler refuses. A pooler makes up the process
 * number that a client gets when it connects, and the server knows its real one.
 */
export async function lookAtKind(client: pg.Client): Promise<ServerKind> {
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(BACKEND);
    const { processID } = client as unknown as { processID: number | null };
    if (rows[0]?.pid === processID) return { isPooled: false, keepsNames: true };
    return { isPooled: true, keepsNames: await keepsNames(client) };
  } finally {
    client.end().catch(() => undefined);
  }
}

/**
 * Whether the pooler prepares named statements itself wherever they are used (PgBouncer from 1.21 on, if it is told
 * to). Then the server knows a statement by another name than the client.
 */
async function keepsNames(client: pg.Client): Promise<boolean> {
  const name = `posthorn_${randomBytes(8).toString('hex')}`;
  const text = `${NAMES} /* ${name} */`;
  await client.query('BEGIN');
  const { rows } = await client.query<{ name: string }>({ name, text, values: [`%${name}%`] });
  const isOurs = rows.some((row) => row.name === name);
  if (isOurs) await client.query(`DEALLOCATE ${name}`);
  await client.query('COMMIT');
  return rows.length > 0 && !isOurs;
}
