import type { Sql } from '../sql.js';
import { TransactionRefused } from './transaction-refused.js';

// A transaction's number is the same for all of its statements; without one, each statement has its own.
const WHO = {
  name: 'transaction_who',
  text: `SELECT pg_current_xact_id()::text AS xid, concat_ws('/', current_database(),
      (SELECT oid FROM pg_database WHERE datname = current_database()),
      (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint) AS database`,
};

const STILL = { name: 'transaction_still', text: `SELECT pg_current_xact_id_if_assigned()::text AS xid` };

const WHERE = {
  name: 'database_which',
  text: WHO.text.replace('pg_current_xact_id()::text AS xid, ', ''),
};

const NOT_OPEN =
  'runs each statement by itself: it is in no transaction, so an event would survive a rollback. ' +
  'Give the object that your library hands to the transaction, or leave the option out to publish at once.';

/** Tells transactions on Posthorn's database from others. */
export class TransactionCheck {
  private database: string | undefined;

  constructor(private readonly own: Sql) {}

  /**
   * The number of the open transaction. Throws TransactionRefused when there is none, or when it is on another
   * database. `client`: the library, for the message.
   */
  async numberOf(sql: Sql, client: string): Promise<string> {
    const { xid, database } = await this.ask<{ xid: string; database: string }>(sql, WHO);
    const { xid: still } = await this.ask<{ xid: string | null }>(sql, STILL);
    if (xid !== still) throw new TransactionRefused(`The given ${client} object ${NOT_OPEN}`);
    await this.checkDatabase(database);
    return xid;
  }

  /** Throws TransactionRefused when statements of `sql` go to another database. */
  async checkPlace(sql: Sql): Promise<void> {
    await this.checkDatabase((await this.ask<{ database: string }>(sql, WHERE)).database);
  }

  private async checkDatabase(database: string): Promise<void> {
    if (database === this.database) return;
    // A server that was started anew looks like another one: ours is asked again.
    this.database = (await this.ask<{ database: string }>(this.own, WHERE)).database;
    if (database === this.database) return;
    throw new TransactionRefused(
      `The transaction is on another database, "${nameOf(database)}". Publish in one on Posthorn's own, ` +
        `"${nameOf(this.database)}", on the same server: only then do both commit together.`,
    );
  }

  private async ask<Row extends object>(sql: Sql, statement: { name: string; text: string }): Promise<Row> {
    try {
      const [row] = await sql<Row>(statement);
      if (row) return row;
    } catch (error) {
      if (error instanceof TransactionRefused || sql === this.own) throw error;
      throw new TransactionRefused(
        `The transaction cannot be used: ${(error as Error).message}. ` +
          "Publish while it is open and has not failed, on Posthorn's own PostgreSQL database.",
        { cause: error },
      );
    }
    throw new TransactionRefused('The transaction returned no rows, so nothing can be published in it.');
  }
}

function nameOf(database: string): string {
  return database.slice(0, database.indexOf('/'));
}
