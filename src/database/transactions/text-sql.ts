import type { Sql } from '../sql.js';
import { arrayText, listText } from './array-text.js';
import type { HostTransaction } from './host-transaction.js';

/**
 * Statements through any library, which may convert parameters and results in its own way: only texts go in, and rows
 * come out as one JSON text. A parameter needs a cast in the statement, so that it is one of texts too.
 */
export function textSql({ run }: Pick<HostTransaction, 'run'>): Sql {
  return async <Row extends object>({ text }: { text: string }, values: unknown[] = []) => {
    const statement = withTextParameters(text);
    const isJson = /^\s*SELECT\b/i.test(text) || (!/^\s*WITH\b/i.test(text) && /\bRETURNING\b/i.test(text));
    const rows = rowsOf(await run(isJson ? asJson(statement) : statement, values.map(toText)));
    if (!isJson) return rows as Row[];
    const [row] = rows as ({ rows: string } | undefined)[];
    return row ? (JSON.parse(row.rows) as Row[]) : [];
  };
}

/** `$1::uuid[]` becomes `$1::text::uuid[]`. */
function withTextParameters(text: string): string {
  return text.replaceAll(/(\$\d+)(::)?/g, (_all, parameter: string, cast?: string) => {
    if (cast === undefined) throw new TypeError(`${parameter} has no cast in: ${text}`);
    return `${parameter}::text::`;
  });
}

function asJson(statement: string): string {
  return `WITH r AS (${statement}) SELECT coalesce(json_agg(to_json(r)), '[]')::text AS rows FROM r`;
}

/** The rows of what a library gives for a statement: themselves, inside an object, or beside metadata. */
function rowsOf(result: unknown): unknown[] {
  if (!Array.isArray(result)) return (result as { rows?: unknown[] } | null)?.rows ?? [];
  return Array.isArray(result[0]) ? (result[0] as unknown[]) : (result as unknown[]);
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return arrayText(value);
  return Array.isArray(value) ? listText(value.map(scalarText)) : scalarText(value);
}

function scalarText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return (value as string | number | boolean | bigint).toString();
}
