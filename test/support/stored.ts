import pg from 'pg';

/**
 * What the schema holds: of each table the number of rows and a sum over their text, so that changes show too. Without
 * `processes`, which change by themselves.
 */
export class Stored {
  private constructor(
    private readonly client: pg.Client,
    private readonly query: string,
  ) {}

  static async open(databaseUrl: string): Promise<Stored> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'posthorn'::regnamespace
        AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'processes' ORDER BY 1`,
    );
    const parts = rows.map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*)::int AS rows, sum(hashtextextended(t::text, 0))::text AS sum
          FROM posthorn.${name} t`,
    );
    return new Stored(client, parts.join(' UNION ALL '));
  }

  async look(): Promise<Record<string, string>> {
    const { rows } = await this.client.query<{ name: string; rows: number; sum: string | null }>(this.query);
    return Object.fromEntries(rows.map(({ name, rows: count, sum }) => [name, `${count} rows, ${sum ?? 0}`]));
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
