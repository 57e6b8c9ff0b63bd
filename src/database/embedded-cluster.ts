import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import type { DataFolder } from './data-folder.js';
import { canEnter, type ServerAccount } from './embedded-account.js';
import { serverHome, type Binaries } from './embedded-binaries.js';

export const SUPERUSER = 'posthorn';
/** The package's major version; a folder of another one cannot be opened. */
const MAJOR = '18';

/**
 * Where the server keeps its files: `<dataDir>/postgres`, or, where `account` may not enter the data folder, a
 * folder under /var/lib that `<dataDir>/postgres` links to.
 */
export function clusterFolder(
  folder: DataFolder,
  account: ServerAccount | null,
  log: (line: string) => void,
): string {
  const plain = folder.database;
  if (folder.hasDatabase) {
    if (existsSync(plain)) return realpathSync(plain);
    throw new StartupError(`${plain} points to a folder that is gone. ${RESTORE(folder.path)}`);
  }
  if (canEnter(folder.path, account)) return plain;
  const elsewhere = freeFolder(folder.path);
  symlinkSync(elsewhere, plain);
  log(`The account "${account?.name}" may not enter ${folder.path}, so the database lives in ${elsewhere}.`);
  return elsewhere;
}

function freeFolder(dataDir: string): string {
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const name = `${basename(dataDir).replace(/^\.+/, '')}-${digest}`;
  // A folder of that name without a link to it belonged to a data folder that was deleted: never open it again.
  for (let n = 1; ; n += 1) {
    const folder = join(serverHome(), n === 1 ? name : `${name}-${n}`);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }
}

/** Throws `StartupError` when the folder holds something that is not this version's database; true when it is empty. */
export function isNewCluster(cluster: string, dataDir: string): boolean {
  let files: string[];
  try {
    files = existsSync(cluster) ? readdirSync(cluster) : [];
  } catch (error) {
    throw new StartupError(
      `The database in ${cluster} cannot be read: ${(error as Error).message}. Start Posthorn as the ` +
        'user that made it, or set POSTHORN_DATA_DIR to another folder.',
    );
  }
  if (files.length === 0) return true;
  const version = files.includes('PG_VERSION')
    ? readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
    : '';
  if (version === MAJOR) return false;
  throw new StartupError(
    /^\d+$/.test(version)
      ? `The database in ${cluster} was made by PostgreSQL ${version}, this Posthorn runs ${MAJOR}. Dump ` +
          'it with the old version and restore it into a new data folder.'
      : `The folder ${cluster} does not hold a database. ${RESTORE(dataDir)}`,
  );
}

/** What to do about a data folder that lacks a file that it needs. */
export const RESTORE = (dataDir: string): string =>
  `Restore ${dataDir} from a backup, or move it away to start with an empty one.`;

/**
 * Makes a new, durable database folder whose superuser has a random password, and keeps that password in
 * `<dataDir>/postgres-password`. It is built beside its place and renamed, so a start that is killed leaves nothing
 * incomplete.
 */
export async function createCluster(
  cluster: string,
  dataDir: string,
  binaries: Binaries,
  account: ServerAccount | null,
): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const half = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [half, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    await initdb(half, passwordFile, binaries, account);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(passwordPath(dataDir), `${password}\n`, { mode: 0o600 });
  if (existsSync(cluster)) rmdirSync(cluster);
  renameSync(half, cluster);
}

/** The superuser's password, as `createCluster` kept it. Throws `StartupError` when it is lost. */
export function readPassword(dataDir: string): string {
  try {
    return readFileSync(passwordPath(dataDir), 'utf8').trim();
  } catch (error) {
    throw new StartupError(
      `The database's password cannot be read: ${(error as Error).message}. ${RESTORE(dataDir)}`,
    );
  }
}

function passwordPath(dataDir: string): string {
  return join(dataDir, 'postgres-password');
}

async function initdb(
  folder: string,
  passwordFile: string,
  binaries: Binaries,
  account: ServerAccount | null,
): Promise<void> {
  const options = [
    ['-D', folder],
    ['-U', SUPERUSER],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    // A new segment of the log is filled with zeros while commits wait: 60 ms for the usual 16 MB.
    ['--wal-segsize', '4'],
    // PostgreSQL's own Unicode order: the same on every machine, whatever locales are installed.
    ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  ];
  const child = spawn(binaries.initdb, options.flat(), {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: dirname(binaries.initdb),
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new StartupError(
    `PostgreSQL could not make its folder ${folder}: ` +
      `${complaint.trim().split('\n')[0] || `initdb ended with ${code}`}. Set DATABASE_URL to use a ` +
      'PostgreSQL of your own.',
  );
}

/** Not the engine's environment: that may contain keys, and PG* variables would change how the server works. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return process.platform === 'win32'
    ? { SystemRoot: 'C:\\Windows' }
    : { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
}
