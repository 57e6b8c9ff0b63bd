import type pg from 'pg';
import type { DatabaseClient } from './database-client.js';
import type { Database } from './database.js';
import { poolOf } from './pool-of.js';
import { pgSql, type Sql } from './sql.js';
import { watchedClient } from './watched-pool.js';

/** A connection for one holder alone, who may leave things in its session. */
export interface OwnSession {
  sql: Sql;
  /** Calls back for each notification of a channel that the session listens to. */
  onNotification: (listener: (channel: string) => void) => void;
  /** Calls back when the connection has ended, for whatever reason. */
  onEnd: (listener: () => void) => void;
  /** The connection is not used again, because of what its session has. */
  close: () => void;
}

const LIMITS = { statementMs: 10_000, transactionMs: 60_000 };

/** Null behind a pooler without `DATABASE_DIRECT_URL`. */
export async function openOwnSession(database: Database): Promise<OwnSession | null> {
  if (await database.isPooled()) {
    return database.directUrl === '' ? null : openDirect(database.directUrl);
  }
  const client = await poolOf(database.source).connect();
  client.on('error', ignore);
  return { sql: pgSql(client), ...eventsOf(client), close: () => client.release(true) };
}

async function openDirect(url: string): Promise<OwnSession> {
  const client: DatabaseClient = watchedClient(url, { limits: LIMITS }, { application_name: 'posthorn' });
  client.on('error', ignore);
  await client.connect();
  return { sql: pgSql(client), ...eventsOf(client), close: () => void client.end().catch(ignore) };
}

function eventsOf(client: Pick<pg.Client, 'on'>): Pick<OwnSession, 'onNotification' | 'onEnd'> {
  return {
    onNotification: (listener) => client.on('notification', ({ channel }) => listener(channel)),
    onEnd: (listener) => client.on('end', listener),
  };
}

/** The next statement reports it. */
function ignore(): void {
  // Nothing to do.
}
