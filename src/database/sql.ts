import type { EntityManager } from 'typeorm';
import type pg from 'pg';

/** One named statement. The name lets a connection prepare the text once and reuse its plan. */
export interface Statement {
  name: string;
  text: string;
}

/** Runs one statement and gives its rows, on whatever connection or transaction it was made for. */
export type Sql = <Row extends object>(statement: Statement, values?: unknown[]) => Promise<Row[]>;

/** Statements on a pool (each its own transaction) or on one checked-out connection. */
export function pgSql(target: pg.Pool | pg.PoolClient): Sql {
  return async (statement, values = []) => {
    const result = await target.query({ name: statement.name, text: statement.text, values });
    return result.rows;
  };
}

/** Statements inside the transaction a TypeORM `EntityManager` stands for. */
export function managerSql(manager: EntityManager): Sql {
  return async (statement, values = []) => {
    const rows: unknown = await manager.query(statement.text, values);
    // TypeORM answers UPDATE and DELETE with [rows, count], everything else with rows.
    if (Array.isArray(rows) && rows.length === 2 && Array.isArray(rows[0]) && typeof rows[1] === 'number')
      return rows[0];
    return rows as never;
  };
}
