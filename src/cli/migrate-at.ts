import { StartupError } from '../config/startup-error.js';
import { migrateAt as migrate } from '../database/migrate-at.js';
import { CliFailure } from './cli-failure.js';

/** Throws `CliFailure` when the database cannot be reached or migrated. */
export async function migrateAt(url: string): Promise<void> {
  try {
    await migrate(url);
  } catch (error) {
    throw error instanceof StartupError ? new CliFailure(error.problems) : error;
  }
}
