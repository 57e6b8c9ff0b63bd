import { listStatement, type ListShape } from './list-statement.js';
import type { Sql } from './sql.js';

/** What a look through a bounded number of rows found. */
export interface Scanned<T> {
  rows: T[];
  /** The id of the last row looked at, where there may be more; null: there are no more. */
  position: string | null;
}

interface Look {
  /** The rows to look at: `limit` is how many, `key` is `id`. */
  list: ListShape;
  /** A condition on such a row, named `scanned`, for which there is no index; its parameters are in `values`. */
  passes: (firstParameter: number) => { sql: string; values: unknown[] };
  /** How many that pass are wanted. */
  wanted: number;
}

/**
 * Rows of a list that pass a condition without an index. However rare they are, only `list.limit` rows are looked at;
 * the next look goes on after them.
 */
export async function scanPage<T extends { id: string }>(
  sql: Sql,
  { list, passes, wanted }: Look,
): Promise<Scanned<T>> {
  const { statement, values } = listStatement(list);
  const condition = passes(values.length + 1);
  const backwards = list.order === 'asc' ? 'desc' : 'asc';
  const text = `
    WITH scanned AS MATERIALIZED (${statement.text})
    SELECT state.scanned, state.last, hits.* FROM (
      SELECT count(*)::int AS scanned, (SELECT id FROM scanned ORDER BY id ${backwards} LIMIT 1) AS last FROM scanned
    ) state LEFT JOIN (
      SELECT * FROM scanned WHERE ${condition.sql} ORDER BY id ${list.order} LIMIT ${wanted}
    ) hits ON true ORDER BY hits.id ${list.order}`;
  type Row = T & { scanned: number; last: string | null };
  // Each kind of look is rare and planned for its values.
  const found = await sql<Row>({ name: '', text }, [...values, ...condition.values]);
  const state = found[0];
  const rows = found.filter(({ id }) => (id as string | null) !== null);
  return { rows, position: state && state.scanned === list.limit ? state.last : null };
}
