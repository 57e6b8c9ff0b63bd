import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the command-line client sends its calls, and with which key. Options of the command come first. */
export interface CliSettings {
  url: string;
  /** Empty when none was found. */
  key: string;
  /** Empty when none was named. */
  space: string;
  /** Where to migrate: round a pooler, if there is one. */
  databaseUrl: string;
  /** Whether the queue is there, and not in the database. */
  hasRedis: boolean;
  /** Of the system that `posthorn import` reads; empty when there is none. */
  importKey: string;
}

/**
 * Reads `POSTHORN_URL`, `POSTHORN_KEY`, `POSTHORN_SPACE`; without a key, the one the embedded engine made. What is set
 * and empty is not set, as for the server.
 */
export function readCliSettings(env: NodeJS.ProcessEnv = process.env): CliSettings {
  return {
    url: env.POSTHORN_URL || `http://127.0.0.1:${env.PORT || '8080'}`,
    key: env.POSTHORN_KEY || env.POSTHORN_ADMIN_KEY || generatedKey(env.POSTHORN_DATA_DIR || '.posthorn'),
    space: env.POSTHORN_SPACE ?? '',
    databaseUrl: env.DATABASE_DIRECT_URL || env.DATABASE_URL || '',
    hasRedis: Boolean(env.REDIS_URL),
    importKey: env.POSTHORN_IMPORT_KEY ?? '',
  };
}

function generatedKey(dataDir: string): string {
  const file = join(dataDir, 'admin-key');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}
