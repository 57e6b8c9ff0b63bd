import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../../src/database/data-folder.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';

/** A PostgreSQL for one test, with its safety on, that may be crashed; it comes up again on the same port. */
export interface OwnPostgres {
  url: string;
  /** What `pg_ctl restart -m immediate` does: no goodbye, and recovery at the next start. */
  crash: () => void;
  stop: () => Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const path = mkdtempSync(join(tmpdir(), 'posthorn-crash-'));
  // Root's server runs as another user, who has to get in.
  chmodSync(path, 0o711);
  const folder = await DataFolder.open(path);
  const server = await EmbeddedPostgres.start(folder);
  return {
    url: server.url,
    crash: () => {
      const [pid] = readFileSync(join(folder.database, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGQUIT');
    },
    stop: async () => {
      await server.stop();
      folder.release();
      for (const kept of [realpathSync(folder.database), path])
        rmSync(kept, { recursive: true, force: true });
    },
  };
}
