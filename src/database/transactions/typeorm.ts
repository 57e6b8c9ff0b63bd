import { postgresTypes as types } from '../postgres-types.js';
import type { Sql } from '../sql.js';
import { TransactionRefused } from './transaction-refused.js';

/** What is used of a host's data source, of TypeORM 0.3 or 1. */
interface HostDataSource {
  options: { type: string };
  subscribers: unknown[];
}

/** What is used of a query runner: 0.3 calls its data source `connection`. */
export interface HostQueryRunner {
  isTransactionActive: boolean;
  isReleased: boolean;
  dataSource?: HostDataSource;
  connection?: HostDataSource;
  connect(): Promise<unknown>;
}

interface HostManager {
  queryRunner?: HostQueryRunner | null;
}

interface Queryable {
  query(statement: { text: string; values: unknown[]; types: typeof types }): Promise<{ rows: unknown[] }>;
}

/**
 * The query runner of a TypeORM manager or runner; undefined for what is neither; null: a manager or a data source
 * without one.
 */
export function typeormRunner(tx: object): HostQueryRunner | null | undefined {
  if ('isTransactionActive' in tx && 'connect' in tx) return tx as HostQueryRunner;
  const isManager = 'getRepository' in tx && 'transaction' in tx;
  return isManager ? ((tx as HostManager).queryRunner ?? null) : undefined;
}

/** Throws TransactionRefused when it is on no PostgreSQL. */
export function dataSourceOf({ dataSource, connection }: HostQueryRunner): HostDataSource {
  const source = (dataSource ?? connection) as HostDataSource;
  if (source.options.type === 'postgres' || source.options.type === 'cockroachdb') return source;
  throw new TransactionRefused(
    `The transaction is on TypeORM's "${source.options.type}". Publish in one on Posthorn's own PostgreSQL database.`,
  );
}

/**
 * Statements on the runner's connection. They pass TypeORM by, whose connection reads results as the host has
 * configured pg.
 */
export function runnerSql(runner: HostQueryRunner): Sql {
  return async <Row extends object>({ text }: { text: string }, values: unknown[] = []) => {
    // It would take another connection from the pool, which nobody gives back.
    if (runner.isReleased) throw new TransactionRefused(RUNNER_RELEASED);
    const connection = (await runner.connect()) as Queryable;
    const { rows } = await connection.query({ text, values, types });
    return rows as Row[];
  };
}

export const RUNNER_RELEASED =
  'The transaction has ended already: its query runner was released. Publish before it commits.';
