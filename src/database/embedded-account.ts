import { readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../config/startup-error.js';

/** The system account that the embedded server runs as, if it is not the engine's own. */
export interface ServerAccount {
  name: string;
  uid: number;
  gid: number;
}

/** Whether this process is root, as which PostgreSQL refuses to run. */
export const isRoot = process.getuid?.() === 0;

/**
 * An existing unprivileged account, or null when the engine does not run as root: then the server uses its account.
 * Nothing is added to the system. Throws `StartupError` when root finds no such account.
 */
export function unprivilegedAccount(): ServerAccount | null {
  if (!isRoot) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map(parseAccount);
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((account) => account?.name === name && account.uid > 0);
    if (found) return found;
  }
  throw new StartupError(
    'PostgreSQL refuses to run as root, and this system has no account "postgres" or "nobody" to run ' +
      'it as. Start Posthorn as an ordinary user, or set DATABASE_URL.',
  );
}

/** The owner of something on disk, or null when it is not root's to choose. */
export function ownerOf(path: string): ServerAccount | null {
  if (!isRoot) return null;
  const { uid, gid } = statSync(path);
  return uid === 0 ? null : { name: `user ${uid}`, uid, gid };
}

function parseAccount(line: string): ServerAccount | null {
  const [name, , uid, gid] = line.split(':');
  return name ? { name, uid: Number(uid), gid: Number(gid) } : null;
}

/** Whether `account` may pass through every folder down to `folder`, by the permission bits. */
export function canEnter(folder: string, account: ServerAccount | null): boolean {
  if (!account) return true;
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    if (!allows(statSync(path), account, 0o1)) return false;
    if (path === dirname(path)) return true;
  }
}

/** Whether `account` may read `file` itself. Its folders are not checked. */
export function canRead(file: string, account: ServerAccount | null): boolean {
  return !account || allows(statSync(file), account, 0o4);
}

function allows(stats: Stats, account: ServerAccount, bit: number): boolean {
  if (stats.uid === account.uid) return (stats.mode & (bit << 6)) !== 0;
  if (stats.gid === account.gid) return (stats.mode & (bit << 3)) !== 0;
  return (stats.mode & bit) !== 0;
}
