import type { DataSource } from 'typeorm';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { SystemPostgres } from '../support/system-postgres.js';

let postgres: SystemPostgres;
let source: DataSource;
beforeAll(async () => {
  // Debian's is built with LZ4, the embedded one is not.
  postgres = await SystemPostgres.start();
  source = createDataSource({ url: postgres.url(), entities: [] });
  await connect(source);
}, 60_000);
afterAll(async () => {
  await source.destroy();
  await postgres.stop();
});

it('large events are compressed with LZ4 where PostgreSQL has it', async () => {
  await migrate(source);
  await ensurePartitions(new Database(source), Date.now());
  await source.query(
    `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data) VALUES ($1, $1, 'lead.create', now(), $2)`,
    [newUuid(Date.now()), JSON.stringify({ names: Array(5_000).fill('Ada') })],
  );
  const stored: unknown = await source.query(
    `SELECT pg_column_compression(data) AS compression FROM posthorn.events`,
  );
  expect(stored).toEqual([{ compression: 'lz4' }]);
});
