import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';
import { connect, createDataSource } from '../database/data-source.js';

/** Where an engine of a test keeps its things, and how they are removed. */
export interface ThrowawayDatabase {
  settings: Partial<Settings>;
  remove: () => Promise<void>;
}

/** A new database on the server at this address; without one, a PostgreSQL of its own in a temporary folder. */
export async function throwawayDatabase(serverUrl: string): Promise<ThrowawayDatabase> {
  if (serverUrl === '') return inFolder();
  const name = `posthorn_test_${randomBytes(6).toString('hex')}`;
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const settings = {
    databaseUrl: url.href,
    encryptionKeys: [randomBytes(32).toString('base64')],
    adminKey: randomBytes(24).toString('base64url'),
  };
  return { settings, remove: () => execute(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

function inFolder(): ThrowawayDatabase {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-test-'));
  // Root's database runs as another user, who has to get in.
  chmodSync(dataDir, 0o711);
  const remove = () => {
    rmSync(dataDir, { recursive: true, force: true });
    return Promise.resolve();
  };
  return { settings: { dataDir }, remove };
}

async function execute(url: string, statement: string): Promise<void> {
  const source = createDataSource({ url, entities: [], poolSize: 1 });
  await connect(source);
  try {
    await source.query(statement);
  } finally {
    await source.destroy();
  }
}
