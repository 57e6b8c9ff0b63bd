import { QueryRunnerAlreadyReleasedError, type EntityManager } from 'typeorm';
import { postgresTypes as types } from './postgres-types.js';
import { poolOf } from './pool-of.js';

/**
 * One statement. Its name lets a connection prepare the text once and reuse its plan; without one it is planned each
 * time.
 */
export interface Statement {
  name: string;
  text: string;
  /** How long to wait for its answer, milliseconds, where the usual 65 s do not do. */
  limitMs?: number;
}

/** Runs one statement and gives its rows, on whatever connection or transaction it was made for. */
export type Sql = <Row extends object>(statement: Statement, values?: unknown[]) => Promise<Row[]>;

/** A pool or a connection of pg's. Not by its own types: these ones are published, and pg brings none along. */
interface Queryable {
  query(statement: Partial<Statement> & { text: string; values: unknown[]; types?: typeof types }): Promise<{
    rows: unknown[];
  }>;
}

/** Statements on a pool (each its own transaction) or on one checked-out connection. */
export function pgSql(target: Queryable): Sql {
  return async <Row extends object>(statement: Statement, values: unknown[] = []) => {
    const { rows } = await target.query({ ...statement, values, types });
    return rows as Row[];
  };
}

/**
 * Statements inside the transaction a TypeORM `EntityManager` stands for. They pass TypeORM by, whose connection may be
 * a host application's: it reads results as the host has configured pg.
 */
export function managerSql(manager: EntityManager): Sql {
  return async <Row extends object>({ text }: Statement, values: unknown[] = []) => {
    const { rows } = await (await connectionOf(manager)).query({ text, values, types });
    return rows as Row[];
  };
}

async function connectionOf({ queryRunner, dataSource }: EntityManager): Promise<Queryable> {
  if (!queryRunner) return poolOf(dataSource);
  // It would take another connection from the pool, which nobody gives back.
  if (queryRunner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  return (await queryRunner.connect()) as Queryable;
}
