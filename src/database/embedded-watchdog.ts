import { spawn, type ChildProcess } from 'node:child_process';
import type { ServerAccount } from './embedded-account.js';

/**
 * A shell script. It reads the server's process id from its input, and then waits for the word that the server has
 * been stopped. If the input ends without it, the engine has died: the script stops the server within four seconds.
 * Process ids are reused, so it ends only a process whose working folder is the cluster's.
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

/** The watched process: its working folder, and the account that may end it. */
export interface WatchedServer {
  pid: number;
  cluster: string;
  account: ServerAccount | null;
}

/**
 * Ends the embedded server when this process dies without stopping it (SIGKILL, out of memory): PostgreSQL does not
 * watch its parent. The shell reads a pipe and takes 1 MB. It has its own session, so that a signal to this process's
 * group does not end it.
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
    // Without a shell, a killed engine's server runs until the next start, which ends it.
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      if (!this.isOver) this.timer = setTimeout(() => (this.child = this.start()), AGAIN_MS).unref();
    });
    child.stdin.write(`${pid}\n`);
    return child;
  }
}
