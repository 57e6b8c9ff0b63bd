import { connect, createDataSource } from './data-source.js';
import { migrate } from './migrate.js';

/** A migration has a connection that holds its lock, and one that does the work. */
const CONNECTIONS = 2;

/** Brings the schema of the database at this address up to date (`migrate.ts`). Throws `StartupError`. */
export async function migrateAt(url: string): Promise<void> {
  const source = createDataSource({ url, entities: [], poolSize: CONNECTIONS });
  await connect(source);
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
}
