import {
  constants,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../config/startup-error.js';
import { processStartOf } from './process-identity.js';

const HEARTBEAT_MS = 500;
/** How long a lock of another host is watched for a sign of life. */
const WATCH_MS = 2_500;

/** Says that this process uses the data folder. */
export interface DataFolderLock {
  release(): void;
}

/**
 * Takes `<dataDir>/lock`. A holder that died leaves its lock behind, so each lock names its process, when that
 * process began (numbers are reused) and its host; a lock from another host, such as a second container on the
 * same volume, is watched for the heartbeat every holder gives. Throws `StartupError` when the folder is in use.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const path = join(dataDir, 'lock');
  const mine = `${process.pid}\n${processStartOf(process.pid)}\n${hostname()}\n`;
  while (!tryWrite(path, mine)) {
    const theirs = await settledContent(path);
    if (theirs === null) continue;
    const [pid = ''] = theirs.split('\n');
    if (await isAlive(path, theirs)) {
      throw new StartupError(
        `The data folder ${dataDir} is already in use by process ${pid}. Stop that one, or give this one ` +
          'its own POSTHORN_DATA_DIR.',
      );
    }
    removeStaleLock(path, theirs);
  }
  const beat = setInterval(() => touch(path), HEARTBEAT_MS);
  beat.unref();
  return {
    release: () => {
      clearInterval(beat);
      if (readIfThere(path) === mine) rmSync(path, { force: true });
    },
  };
}

async function isAlive(path: string, content: string): Promise<boolean> {
  const [pid = '', start = '', host = ''] = content.split('\n');
  if (host === hostname()) return processStartOf(Number(pid)) === start && start !== '';
  const before = mtime(path);
  const deadline = performance.now() + WATCH_MS;
  while (performance.now() < deadline) {
    if (mtime(path) !== before) return true;
    await delay(HEARTBEAT_MS / 5);
  }
  return false;
}

function tryWrite(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** An empty lock is one being written this very moment, or one whose writer died there. */
async function settledContent(path: string): Promise<string | null> {
  const content = readIfThere(path);
  if (content !== '') return content;
  await delay(50);
  return readIfThere(path);
}

/** Removes a dead lock, and puts it back when another process replaced it meanwhile. */
function removeStaleLock(path: string, dead: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== dead) copyFileSync(aside, path, constants.COPYFILE_EXCL);
  } catch {
    // Another process was faster; the caller looks again.
  } finally {
    rmSync(aside, { force: true });
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function mtime(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function touch(path: string): void {
  try {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    utimesSync(path, now, now);
  } catch {
    // The folder is gone; the server will say so.
  }
}
