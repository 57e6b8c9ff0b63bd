import type { Sql } from '../database/sql.js';

/** What the server says about itself. */
export interface DatabaseFacts {
  version: string;
  sizeBytes: number;
  /** Of this database; Posthorn's own are those of all its processes. */
  connections: { posthorn: number; database: number; server: number; allowed: number };
  isReadOnly: boolean;
  isStandby: boolean;
  /** Servers that stream from this one. */
  replicas: number;
  /** Names of migrations that the database has, oldest first. */
  migrations: string[];
}

const FACTS = {
  name: 'system_facts',
  text: `
    SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS "sizeBytes",
      current_setting('transaction_read_only')::boolean AS "isReadOnly", pg_is_in_recovery() AS "isStandby",
      (SELECT count(*)::int FROM pg_stat_replication) AS replicas,
      (SELECT json_build_object(
         'posthorn', count(*) FILTER (WHERE datname = current_database() AND application_name LIKE 'posthorn%'),
         'database', count(*) FILTER (WHERE datname = current_database()), 'server', count(*),
         'allowed', current_setting('max_connections')::int) FROM pg_stat_activity
           WHERE datname IS NOT NULL) AS connections,
      (SELECT coalesce(json_agg(name ORDER BY timestamp), '[]') FROM posthorn.migrations) AS migrations`,
};

export async function readFacts(sql: Sql): Promise<DatabaseFacts> {
  const [facts] = await sql<DatabaseFacts>(FACTS);
  if (!facts) throw new Error('The database said nothing about itself.');
  return facts;
}

/** A table, or the part of it that holds a day. */
interface TablePart {
  table: string;
  /** Null for a table that is not cut into days. */
  partition: string | null;
  bytes: number;
  /** Of the statistics, an estimate. */
  rows: number;
}

// By the statistics: counting 5 million rows takes seconds. After a crash of the server the one is 0, before the first
// ANALYZE the other is -1.
const PARTS = {
  name: 'system_parts',
  text: `
    SELECT coalesce(p.relname, c.relname) AS "table", CASE WHEN c.relispartition THEN c.relname END AS partition,
      pg_total_relation_size(c.oid)::float8 AS bytes, greatest(c.reltuples, s.n_live_tup, 0)::float8 AS rows
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
      LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
    WHERE c.relnamespace = 'posthorn'::regnamespace AND c.relkind = 'r'
    ORDER BY 1, 2`,
};

/** A table of Posthorn's with everything in it. */
export interface TableFacts {
  name: string;
  /** With indexes and what is stored beside the rows. */
  sizeBytes: number;
  estimatedRows: number;
  partitions: { name: string; sizeBytes: number; estimatedRows: number }[];
}

/** Sizes and estimated rows of all tables, largest first. */
export async function readTables(sql: Sql): Promise<TableFacts[]> {
  const tables = new Map<string, TableFacts>();
  for (const { table, partition, bytes, rows } of await sql<TablePart>(PARTS)) {
    const known = tables.get(table) ?? { name: table, sizeBytes: 0, estimatedRows: 0, partitions: [] };
    tables.set(table, known);
    known.sizeBytes += bytes;
    known.estimatedRows += Math.round(rows);
    if (partition !== null)
      known.partitions.push({ name: partition, sizeBytes: bytes, estimatedRows: Math.round(rows) });
  }
  return [...tables.values()].sort((a, b) => b.sizeBytes - a.sizeBytes);
}
