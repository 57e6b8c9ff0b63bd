import { accessSync, chmodSync, constants, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartupError } from '../config/startup-error.js';
import { lockDataFolder, type DataFolderLock } from './data-folder-lock.js';
import { isRoot } from './embedded-account.js';

/** The folder of an engine that keeps its own database, held by this process until it is released. */
export class DataFolder {
  private constructor(
    /** Absolute, without links. */
    readonly path: string,
    private readonly lock: DataFolderLock,
  ) {}

  /**
   * Makes the folder when there is none, and takes it. Throws `StartupError` when it cannot be used or another
   * engine uses it.
   */
  static async open(dataDir: string): Promise<DataFolder> {
    makeFolder(dataDir);
    const path = realpathSync(dataDir);
    try {
      return new DataFolder(path, await lockDataFolder(path));
    } catch (error) {
      // As in /sys: root may write there by its mode, and cannot.
      if (error instanceof StartupError || (error as NodeJS.ErrnoException).code === undefined) throw error;
      throw unusable(dataDir, error);
    }
  }

  /** Where the database is, or a link to it. */
  get database(): string {
    return join(this.path, 'postgres');
  }

  get hasDatabase(): boolean {
    return lstatSync(this.database, { throwIfNoEntry: false }) !== undefined;
  }

  release(): void {
    this.lock.release();
  }
}

function makeFolder(dataDir: string): void {
  try {
    const made = makeWithParents(resolve(dataDir));
    // Root's database server is another user and has to pass through; what is secret in here has mode 0600.
    if (made) chmodSync(dataDir, isRoot ? 0o711 : 0o700);
    if (!statSync(dataDir).isDirectory()) throw new Error('it is not a folder');
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

function unusable(dataDir: string, error: unknown): StartupError {
  const message = `The data folder ${dataDir} cannot be used: ${reason(error)}. ${ADVICE}`;
  return new StartupError(message, { cause: error });
}

/** Whether there was none. Node's own way, `recursive`, never ends where no folder can be made, as in /proc. */
function makeWithParents(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })) return false;
  makeWithParents(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return true;
}

const ADVICE = 'Set POSTHORN_DATA_DIR to a folder this user may write to, or set DATABASE_URL.';

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'it is not a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write to it';
  if (code === 'EROFS') return 'its file system is read-only';
  if (code === 'ENOENT' || code === 'EINVAL') return 'no folder can be made there, as in /proc';
  return message;
}
