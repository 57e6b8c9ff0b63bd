import type { EntityManager } from 'typeorm';
import type pg from 'pg';

/** One statement. Its name lets a connection prepare the text once and reuse its plan; without one it is planned each time. */
export interface Statement {
  name: string;
  text: string;
}

/** Runs one statement and gives its rows, on whatever connection or transaction it was made for. */
export type Sql = <Row extends object>(statement: Statement, values?: unknown[]) => Promise<Row[]>;

/** Statements on a pool (each its own transaction) or on one checked-out connection. */
export function pgSql(target: pg.Pool | pg.PoolClient): Sql {
  return async <Row extends object>({ name, text }: Statement, values: unknown[] = []) => {
    const { rows } = await target.query({ name, text, values });
    return rows as Row[];
  };
}

/** Statements inside the transaction a TypeORM `EntityManager` stands for. */
export function managerSql(manager: EntityManager): Sql {
  return async <Row extends object>({ text }: Statement, values: unknown[] = []) => {
    const rows = await manager.query<unknown[]>(text, values);
    // TypeORM answers UPDATE and DELETE with [rows, count], everything else with rows.
    if (rows.length === 2 && Array.isArray(rows[0]) && typeof rows[1] === 'number') return rows[0] as Row[];
    return rows as Row[];
  };
}
