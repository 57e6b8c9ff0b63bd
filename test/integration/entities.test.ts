import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { ENTITIES } from '../../src/app/entities.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What the catalogue says about one column, in the words of `describeColumn`. */
const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    CASE WHEN NOT a.attnotnull THEN 'null' END,
    CASE WHEN a.attnum = ANY(p.indkey::int2[]) THEN 'key' END,
    CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN a.atthasdef THEN 'default' END) AS is
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index p ON p.indrelid = c.oid AND p.indisprimary
  WHERE c.relnamespace = 'posthorn'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> 'migrations'`;

/** Where an entity says something else on purpose; the entity's comment tells why. */
const DIFFERENCES: Record<string, Record<string, [entity: string, table: string]>> = {
  subscriptions: { filter: ['text null', 'jsonb null'] },
  in_hand: { booked_until: ['uuid key', 'uuid'] },
};

type Tables = Record<string, Record<string, string>>;

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = createDataSource({ url: database.url, entities: ENTITIES });
  await connect(source);
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

function describeColumn(column: ColumnMetadata): string {
  const type = source.driver.normalizeType(column) + (column.isArray ? '[]' : '');
  const words = [
    type,
    column.isNullable && 'null',
    column.isPrimary && 'key',
    column.generatedType ? 'generated' : column.default !== undefined && 'default',
  ];
  return words.filter(Boolean).join(' ');
}

function describeTable({ tableName, columns }: EntityMetadata) {
  const differences = DIFFERENCES[tableName] ?? {};
  const described = columns.map((column): [string, string] => {
    const is = describeColumn(column);
    const difference = differences[column.databaseName];
    return [column.databaseName, is === difference?.[0] ? difference[1] : is];
  });
  return [tableName, Object.fromEntries(described)] as const;
}

async function readTables(): Promise<Tables> {
  const tables: Tables = {};
  const rows = await source.query<{ table: string; column: string; is: string }[]>(COLUMNS);
  for (const { table, column, is } of rows) (tables[table] ??= {})[column] = is;
  return tables;
}

it('has an entity for each table, with its columns, types, nullability, keys and defaults', async () => {
  expect(Object.fromEntries(source.entityMetadatas.map(describeTable))).toEqual(await readTables());
});

it('sees a column that only a table has, also one of a partitioned table', async () => {
  await source.query('ALTER TABLE posthorn.jobs ADD COLUMN extra text');
  await source.query('ALTER TABLE posthorn.attempts ALTER COLUMN dns_ms SET NOT NULL');
  try {
    const described: Tables = Object.fromEntries(source.entityMetadatas.map(describeTable));
    const { jobs, attempts, ...others } = await readTables();
    expect(others).toEqual({ ...described, jobs: undefined, attempts: undefined });
    expect(jobs).toEqual({ ...described.jobs, extra: 'text null' });
    expect(attempts).toEqual({ ...described.attempts, dns_ms: 'real' });
  } finally {
    await source.query('ALTER TABLE posthorn.jobs DROP COLUMN extra');
    await source.query('ALTER TABLE posthorn.attempts ALTER COLUMN dns_ms DROP NOT NULL');
  }
});

it('reads a row through each entity', async () => {
  for (const { target } of source.entityMetadatas)
    expect(await source.getRepository(target).find({ take: 1 })).toBeInstanceOf(Array);
});

it('leaves the schema alone where a host application synchronizes a data source with these entities', async () => {
  await source.query('ALTER TABLE posthorn.jobs ADD COLUMN extra text');
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query).filter((query) => query.includes('posthorn'))).toEqual([]);
    await source.synchronize();
    expect((await readTables()).jobs).toHaveProperty('extra');
  } finally {
    await source.query('ALTER TABLE posthorn.jobs DROP COLUMN extra');
  }
});
