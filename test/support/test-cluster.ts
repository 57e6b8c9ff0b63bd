import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '../../src/config/settings.js';
import { DataFolder } from '../../src/database/data-folder.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { Database } from '../../src/database/database.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { migrateQueue } from '../../src/queue/connections.js';
import { TEMPLATE } from './database.js';

/** Everything a crash would need is off: the cluster lives as long as the run. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '400',
  checkpoint_timeout: '1h',
};

/** The one PostgreSQL of a test run. Its template database is migrated once; every test database is a copy. */
export async function startTestCluster(): Promise<{ stop: () => Promise<void> }> {
  const path = mkdtempSync(join(tmpdir(), 'posthorn-test-'));
  // Root's server runs as another user, who has to get in.
  chmodSync(path, 0o711);
  const folder = await DataFolder.open(path);
  const server = await EmbeddedPostgres.start(folder, { settings: SETTINGS });
  const stop = async () => {
    await server.stop();
    folder.release();
    for (const kept of [realpathSync(folder.database), path]) rmSync(kept, { recursive: true, force: true });
  };
  // Ctrl-C ends a test run without its teardown, and the server has a process group of its own.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    await createTemplate(server);
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.TEST_DATABASE_URL = server.url;
  process.env.TEST_DATABASE_LOG = join(path, 'postgres.log');
  return { stop };
}

async function createTemplate(server: EmbeddedPostgres): Promise<void> {
  const admin = createDataSource({ url: server.url, entities: [], poolSize: 1 });
  await connect(admin);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.destroy();

  const url = server.urlOf(TEMPLATE);
  const source = createDataSource({ url, entities: [] });
  await connect(source);
  await migrate(source);
  await ensurePartitions(new Database(source), Date.now());
  await source.destroy();
  await migrateQueue(Object.assign(new Settings(), { databaseUrl: url }));
}
