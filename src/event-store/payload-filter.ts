/** `path=value`: keys and places of a list, with dots between them. */
export const PAYLOAD_FORM = '^[^=\\u0000]+=[^\\u0000]+$';

/** Escapes that PostgreSQL cannot turn into text, after which it would refuse the whole statement. */
const UNREADABLE = String.raw`'\\u(?:0000|[dD][89a-fA-F])'`;

/**
 * Whether an event's data has a value at a path. Only what contains the value's text at all is parsed; data with
 * escapes that PostgreSQL cannot read does not match. `table` has the columns `data` and `removed`.
 */
export function payloadFilter(
  payload: string,
  table: string,
  firstParameter: number,
): { sql: string; values: unknown[] } {
  const split = payload.indexOf('=');
  const path = payload.slice(0, split).trim().split('.');
  const value = payload.slice(split + 1).trim();
  const [pathAt, valueAt] = [`$${firstParameter}::text[]`, `$${firstParameter + 1}::text`];
  const data = `${table}.data`;
  return {
    sql: `CASE
      WHEN ${table}.removed IS NOT NULL THEN false
      WHEN strpos(${data}, ${valueAt}) = 0 AND strpos(${data}, '\\') = 0 THEN false
      WHEN ${data} ~ ${UNREADABLE} THEN false
      ELSE coalesce(${data}::json #>> ${pathAt} = ${valueAt}, false) END`,
    values: [path, value],
  };
}
