import { Unavailable } from '../core/errors.js';
import type { Sql } from '../database/sql.js';
import { databaseErrorOf } from '../http/database-error.js';

/**
 * Statements in a transaction of the caller's: when one fails for the database's reasons, that transaction is over, so
 * repeating the call cannot help. It may also be the caller's own doing: read-only, or a time limit.
 */
export function inCallersTransaction(sql: Sql): Sql {
  return async <Row extends object>(...statement: Parameters<Sql>) => {
    try {
      return await sql<Row>(...statement);
    } catch (error) {
      if (databaseErrorOf(error)?.kind !== 'unavailable') throw error;
      const failure = new Unavailable(
        `A statement in the given transaction failed: ${(error as Error).message}. Nothing of it is stored. Roll the ` +
          'transaction back and run it again.',
      );
      failure.cause = error;
      throw failure;
    }
  };
}
