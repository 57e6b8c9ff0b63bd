import { escapeLiteral } from 'pg';
import type { Statement } from './sql.js';

/** One condition of a list; left out when its value is undefined. */
export type Condition = [sql: (parameter: string) => string, value: unknown] | FixedCondition;

/**
 * A condition without a parameter, for a value of a known few: only what stands in the statement itself lets Postgres
 * use a partial index.
 */
export interface FixedCondition {
  /**
   * What the statement's name says of it: letters. Null: it may say anything, so the statement is planned each time.
   */
  name: string | null;
  /** Two, of which a row fits one at the most: each is looked for by itself, since an OR uses no index. */
  sql: string | [string, string];
}

/**
 * A condition on a value that is common or rare, which Postgres must know to choose the index: the plan for a common
 * one takes seconds to find a rare one among millions.
 */
export function uneven(column: string, value: string | undefined): FixedCondition[] {
  return value === undefined ? [] : [{ name: null, sql: `${column} = ${escapeLiteral(value)}` }];
}

/** Conditions and the page of a list that is ordered by the column `key`. */
export interface ListShape {
  name: string;
  select: string;
  key: string;
  conditions: Condition[];
  after: string | null;
  order: 'asc' | 'desc';
  limit: number;
}

/**
 * The statement of a filtered page. Its name tells which filters it has, so that each combination is prepared once
 * and planned for itself.
 */
export function listStatement(shape: ListShape): { statement: Statement; values: unknown[] } {
  const { name, select, key, order, limit } = shape;
  const beyond: Condition = [
    (parameter) => `${key} ${order === 'asc' ? '>' : '<'} ${parameter}`,
    shape.after ?? undefined,
  ];
  const conditions = [...shape.conditions, beyond];
  const values: unknown[] = [];
  const present = conditions.map((condition): FixedCondition | null => {
    if (!Array.isArray(condition)) return condition;
    const [sql, value] = condition;
    if (value === undefined) return null;
    values.push(value);
    return { name: '1', sql: sql(`$${values.length}`) };
  });
  values.push(limit);
  const page = `ORDER BY ${key} ${order} LIMIT $${values.length}`;
  const arms = [0, 1].map((arm) => {
    const where = present.flatMap((one) => (Array.isArray(one?.sql) ? one.sql[arm] : one?.sql) ?? []);
    return `${select} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ${page}`;
  });
  const isEither = present.some((one) => Array.isArray(one?.sql));
  const mask = present.map((one) => one?.name ?? '0').join('');
  return {
    statement: {
      name: present.some((one) => one?.name === null) ? '' : `${name}_${order}_${mask}`,
      text: isEither ? `(${arms[0]}) UNION ALL (${arms[1]}) ${page}` : (arms[0] as string),
    },
    values,
  };
}
