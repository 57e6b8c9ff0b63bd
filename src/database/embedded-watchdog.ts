import { spawn, type ChildProcess } from 'node:child_process';
import type { Account } from './embedded-account.js';

/**
 * Waits on its input for the server's process and then for a word that all is over. An end of the input without that
 * word means that the engine is gone, whatever ended it: the server is told to stop, and made to within four seconds.
 * Only a process that works in the cluster's folder is ended, since numbers are used again.
 */
const SCRIPT = `
trap '' HUP INT TERM
read -r pid || exit 0
read -r word && exit 0
is_server() {
  kill -0 "$pid" 2>/dev/null || return 1
  [ ! -d /proc/self ] || [ "$(cd "/proc/$pid/cwd" 2>/dev/null && pwd -P)" = "$1" ]
}
for signal in INT WAIT WAIT QUIT KILL; do
  is_server "$1" || exit 0
  [ "$signal" = WAIT ] || kill -"$signal" "$pid" 2>/dev/null
  sleep 1
done`;

const AGAIN_MS = 1_000;

/** What the server is watched for: a process, in this folder, that this account may end. */
export interface WatchedServer {
  pid: number;
  cluster: string;
  account: Account | null;
}

/**
 * Ends the embedded server when this process dies without a stop (SIGKILL, out of memory). PostgreSQL itself does not
 * mind its parent. A shell that reads a pipe costs 1 MB and no time; in a session of its own it outlives what kills our
 * group.
 */
export class Watchdog {
  private child: ChildProcess;
  private isOver = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly watched: WatchedServer) {
    this.child = this.start();
  }

  /** The server has ended, or is about to be stopped by us. */
  release(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.child.stdin?.end('over\n');
  }

  private start(): ChildProcess {
    const { pid, cluster, account } = this.watched;
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'posthorn-watchdog', cluster], {
      ...(account && { uid: account.uid, gid: account.gid }),
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.unref();
    (child.stdin as unknown as { unref: () => void }).unref();
    // Without a shell a killed engine's server stays until the next start, which ends it.
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      if (!this.isOver) this.timer = setTimeout(() => (this.child = this.start()), AGAIN_MS).unref();
    });
    child.stdin.write(`${pid}\n`);
    return child;
  }
}
