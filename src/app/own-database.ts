import type { LoggerService } from '@nestjs/common';
import { addGeneratedKeys } from '../config/generated-keys.js';
import type { Settings } from '../config/settings.js';
import { DataFolder } from '../database/data-folder.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';

/** The PostgreSQL that a process runs for itself. */
export interface OwnDatabase {
  /** The file with the admin key, when it was generated. */
  adminKeyFile: string | null;
  /** Rejects when the server is gone for good. */
  lost: Promise<never>;
  close: () => Promise<void>;
}

/**
 * Starts the embedded PostgreSQL where the settings name no other, and fills in its address and the generated keys.
 * Null when they do. Throws `StartupError`, and leaves nothing behind.
 */
export async function openOwnDatabase(settings: Settings, log: LoggerService): Promise<OwnDatabase | null> {
  if (settings.databaseUrl !== '') return null;
  const folder = await DataFolder.open(settings.dataDir);
  try {
    settings.dataDir = folder.path;
    const { adminKeyFile } = addGeneratedKeys(settings, folder);
    const server = await EmbeddedPostgres.start(folder, {
      log: (line) => void log.warn(line, 'database'),
    });
    settings.databaseUrl = server.url;
    const close = async () => {
      await server.stop();
      folder.release();
    };
    return { adminKeyFile, lost: server.lost, close };
  } catch (error) {
    folder.release();
    throw error;
  }
}
