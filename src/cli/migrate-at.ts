import { StartupError } from '../config/startup-error.js';
import { connect, createDataSource } from '../database/data-source.js';
import { migrate } from '../database/migrate.js';
import { CliFailure } from './cli-failure.js';

/** Brings the database at `url` up to this release. Throws CliFailure with what is wrong. */
export async function migrateAt(url: string): Promise<void> {
  const source = createDataSource({ url, entities: [], poolSize: 1 });
  try {
    await connect(source);
    await migrate(source);
  } catch (error) {
    throw error instanceof StartupError ? new CliFailure(error.problems) : error;
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}
