import type { Statement } from './sql.js';

/** One condition of a list; left out when its value is undefined. */
export type Condition = [sql: (parameter: string) => string, value: unknown];

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
  const present = conditions.map(([sql, value]) => {
    if (value === undefined) return null;
    values.push(value);
    return sql(`$${values.length}`);
  });
  const where = present.filter((text) => text !== null).join(' AND ');
  const mask = present.map((text) => (text === null ? '0' : '1')).join('');
  values.push(limit);
  return {
    statement: {
      name: `${name}_${order}_${mask}`,
      text: `${select} ${where && `WHERE ${where}`} ORDER BY ${key} ${order} LIMIT $${values.length}`,
    },
    values,
  };
}
