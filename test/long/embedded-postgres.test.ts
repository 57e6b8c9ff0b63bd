import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../../src/config/startup-error.js';
import { DataFolder } from '../../src/database/data-folder.js';
import { isRoot } from '../../src/database/embedded-account.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { eventually } from '../support/condition.js';
import { NodeProcess } from '../support/node-process.js';

/** A committed row, so that a test can say whether the data is still the same. */
const REMEMBER = 'CREATE TABLE IF NOT EXISTS memory AS SELECT 42 AS answer';

let path: string;
const cleanups: (() => Promise<void> | void)[] = [];

beforeEach(() => {
  path = temporaryFolder(0o711);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function temporaryFolder(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-embedded-'));
  chmodSync(folder, mode);
  cleanups.push(() => {
    const link = join(folder, 'postgres');
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) {
      rmSync(realpathSync(link), { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function start(dataDir = path, log?: (line: string) => void) {
  const folder = await DataFolder.open(dataDir);
  const database = await EmbeddedPostgres.start(folder, log && { log }).catch((error: unknown) => {
    folder.release();
    throw error;
  });
  const stop = async () => {
    await database.stop();
    folder.release();
  };
  cleanups.push(stop);
  return { folder, database, stop };
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

function serverPid(): number {
  return Number(readFileSync(join(path, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function startupProblem(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  const { message } = error as StartupError;
  expect(message).not.toContain('\n');
  return message;
}

describe('the embedded database', () => {
  it('is durable, answers on this machine only and wants a password', async () => {
    const { database } = await start();
    const [settings] = await query(
      database.url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('full_page_writes') AS pages, current_setting('listen_addresses') AS addresses,
              current_database() AS name, current_setting('server_encoding') AS encoding`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      commit: 'on',
      pages: 'on',
      addresses: '127.0.0.1',
      name: 'posthorn',
      encoding: 'UTF8',
    });
    const wrong = new URL(database.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(path, 'postgres-password')).mode & 0o777).toBe(0o600);
  });

  it('keeps its data over a stop and a start', async () => {
    const first = await start();
    await query(first.database.url, REMEMBER);
    await first.stop();
    const second = await start();
    expect(await query(second.database.url, 'SELECT answer FROM memory')).toEqual([{ answer: 42 }]);
  });

  it('stops although clients are still connected', async () => {
    const { database, stop } = await start();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    const busy = client
      .query('SELECT pg_sleep(60)')
      .catch((error: unknown) => (error as { code?: string }).code);
    await stop();
    expect(await busy).toBe('57P01');
    expect(lstatSync(join(path, 'postgres', 'postmaster.pid'), { throwIfNoEntry: false })).toBeUndefined();
  });

  /** An engine in a process of its own that has committed something, and its server's process. */
  async function killable(detached = false): Promise<{ engine: NodeProcess; server: number }> {
    const engine = NodeProcess.run('test/support/hold-database.ts', [path], {}, { detached });
    cleanups.push(() => engine.kill('SIGKILL'));
    const url = await eventually(() => /postgres:\S+/.exec(engine.stdout)?.[0] ?? null, {
      timeoutMs: 20_000,
    });
    await query(url, REMEMBER);
    return { engine, server: serverPid() };
  }

  const isAlive = (pid: number) => {
    try {
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };

  /** Processes whose command line has all of these words. */
  const processesWith = (...words: string[]) =>
    readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.every((word) => line.includes(word)) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });

  /** Those that watch a server of this folder. */
  const watchdogs = () => processesWith('posthorn-watchdog', join(path, 'postgres'));

  it('ends by itself within five seconds of an engine that was killed, with everything it committed', async () => {
    const { engine, server } = await killable();
    engine.kill('SIGKILL');
    await engine.ended;
    await eventually(() => !isAlive(server), { timeoutMs: 5_000 });
    await eventually(() => watchdogs().length === 0, { timeoutMs: 5_000 });
    const lines: string[] = [];
    const { database } = await start(path, (line) => lines.push(line));
    expect(lines).toEqual([]);
    expect(await query(database.url, 'SELECT answer FROM memory')).toEqual([{ answer: 42 }]);
  });

  it('ends by itself when the whole group of the engine was killed', async () => {
    const { engine, server } = await killable(true);
    engine.killGroup('SIGKILL');
    await engine.ended;
    await eventually(() => !isAlive(server), { timeoutMs: 5_000 });
  });

  it('ends by itself although what watches it was killed before', async () => {
    const { engine, server } = await killable();
    const [first = 0] = watchdogs();
    process.kill(first, 'SIGKILL');
    await eventually(() => watchdogs().some((pid) => pid !== first));
    engine.kill('SIGKILL');
    await engine.ended;
    // The new watchdog may still be starting.
    await eventually(() => !isAlive(server), { timeoutMs: 15_000 });
  });

  it('ends although it does not heed what is asked of it', async () => {
    const { engine, server } = await killable();
    process.kill(server, 'SIGSTOP');
    engine.kill('SIGKILL');
    await engine.ended;
    await eventually(() => !isAlive(server), { timeoutMs: 6_000 });
  });

  it('is taken over by the next engine while it is still ending', async () => {
    const { engine, server } = await killable();
    engine.kill('SIGKILL');
    await engine.ended;
    expect(isAlive(server)).toBe(true);
    const { database } = await start();
    expect(serverPid()).not.toBe(server);
    expect(await query(database.url, 'SELECT answer FROM memory')).toEqual([{ answer: 42 }]);
  });

  it('that nobody watched is taken over from an engine that was killed', async () => {
    const { engine, server } = await killable();
    process.kill(engine.pid, 'SIGSTOP');
    for (const pid of watchdogs()) process.kill(pid, 'SIGKILL');
    engine.kill('SIGKILL');
    await engine.ended;
    expect(isAlive(server)).toBe(true);
    const lines: string[] = [];
    const { database } = await start(path, (line) => lines.push(line));
    expect(lines).toEqual(['Stopped a database server that an earlier Posthorn process left running.']);
    expect(serverPid()).not.toBe(server);
    expect(await query(database.url, 'SELECT answer FROM memory')).toEqual([{ answer: 42 }]);
  });

  it('is watched by nobody once it was stopped', async () => {
    const { stop } = await start();
    expect(watchdogs()).toHaveLength(1);
    await stop();
    await eventually(() => watchdogs().length === 0);
  });

  it('is started again at the same address when its server is killed', async () => {
    const { database } = await start();
    await query(database.url, REMEMBER);
    const { url } = database;
    process.kill(serverPid(), 'SIGKILL');
    const rows = await eventually(() => query(url, 'SELECT answer FROM memory'));
    expect(rows).toEqual([{ answer: 42 }]);
    expect(database.url).toBe(url);
  });

  it('stays stopped when it is stopped while it is being started again', async () => {
    let stopped: Promise<void> | undefined;
    const { database } = await start(path, () => {
      stopped = database.stop();
    });
    process.kill(serverPid(), 'SIGKILL');
    await eventually(() => stopped !== undefined);
    await stopped;
    expect(processesWith('-D', join(path, 'postgres'))).toEqual([]);
  });
});

describe('a data folder', () => {
  it('belongs to one engine at a time', async () => {
    const first = await DataFolder.open(path);
    const problem = await startupProblem(DataFolder.open(path));
    expect(problem).toContain(`already in use by process ${process.pid}`);
    first.release();
    const second = await DataFolder.open(path);
    second.release();
  });

  it('is free again when its holder is gone, even if another process has the number now', async () => {
    writeFileSync(join(path, 'lock'), `${process.pid}\nan earlier boot\n${hostname()}\n`);
    const folder = await DataFolder.open(path);
    expect(readFileSync(join(path, 'lock'), 'utf8')).toContain(`${process.pid}\n`);
    folder.release();
  });

  it('is not taken from a living engine of another host, such as a second container', async () => {
    const lock = join(path, 'lock');
    writeFileSync(lock, '1\nsome boot 1\nanother-container\n');
    const heartbeat = setInterval(() => writeFileSync(lock, readFileSync(lock)), 500);
    cleanups.push(() => clearInterval(heartbeat));
    expect(await startupProblem(DataFolder.open(path))).toContain('already in use');
    clearInterval(heartbeat);
    const folder = await DataFolder.open(path);
    folder.release();
  });

  it.each(['/proc/posthorn/data', '/sys/posthorn', '/sys/fs', '/dev/null/posthorn'])(
    'at %s is refused at once',
    async (path) => {
      await expect(DataFolder.open(path)).rejects.toThrow(
        /^The data folder .* cannot be used: .+\. Set POSTHORN_DATA_DIR to a folder/,
      );
    },
  );

  it('that is a file is refused in one line', async () => {
    const file = join(path, 'file');
    writeFileSync(file, '');
    expect(await startupProblem(DataFolder.open(file))).toMatch(
      /cannot be used: it is not a folder.*POSTHORN_DATA_DIR/,
    );
    expect(await startupProblem(DataFolder.open(join(file, 'below')))).toContain('it is not a folder');
  });

  it('without the right to write is refused in one line', async () => {
    if (isRoot) return; // Root may write everywhere.
    chmodSync(path, 0o500);
    expect(await startupProblem(DataFolder.open(path))).toContain('may not write');
    chmodSync(path, 0o700);
  });

  it('with a damaged database is refused in one line that says what to do', async () => {
    const { stop, folder } = await start();
    await stop();
    const version = join(folder.database, 'PG_VERSION');

    writeFileSync(version, 'garbage\n');
    expect(await startupProblem(start())).toMatch(/does not hold a database.*backup/);
    writeFileSync(version, '16\n');
    expect(await startupProblem(start())).toContain('made by PostgreSQL 16');
    writeFileSync(version, '18\n');
    const control = join(folder.database, 'global', 'pg_control');
    const kept = readFileSync(control);
    rmSync(control);
    expect(await startupProblem(start())).toMatch(/did not start.*backup/);
    writeFileSync(control, kept);
    chmodSync(control, 0o644);
    rmSync(join(path, 'postgres-password'));
    expect(await startupProblem(start())).toMatch(/password cannot be read.*backup/);
  });

  it('that the server account may not enter keeps its database elsewhere, and a link to it', async () => {
    if (!isRoot) return; // Only root runs the server as another user.
    const closed = temporaryFolder(0o700);
    const lines: string[] = [];
    const first = await start(closed, (line) => lines.push(line));
    await query(first.database.url, REMEMBER);
    await first.stop();
    const link = join(closed, 'postgres');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(lines).toEqual([expect.stringContaining(realpathSync(link))]);
    const second = await start(closed);
    expect(await query(second.database.url, 'SELECT answer FROM memory')).toEqual([{ answer: 42 }]);
  });
});
