import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where numbers of processes mean something: this boot of this machine, and the container's own numbers. */
function pidNamespace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${process.platform} ${hostname()}`;
  }
}

/** Distinguishes a process from a later one with the same PID; empty when there is none, or it is a zombie. */
export function processStartOf(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  if (process.platform !== 'linux') return isRunning(pid) ? 'running' : '';
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Fields 3 and 22 of stat; the second one, the command's name, may hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ');
    const [state = ''] = fields ?? [];
    // Killed, and its parent has not asked how it ended: all it had is closed.
    return 'ZX'.includes(state) ? '' : `${boot} ${fields?.[19]}`;
  } catch {
    return '';
  }
}

/** How others know this process. */
export function thisProcess(): { space: string; pid: number; start: string } {
  return { space: pidNamespace(), pid: process.pid, start: processStartOf(process.pid) };
}

/** Whether this process of `space` has certainly ended; false where that cannot be known from here. */
export function isProcessGone(space: string, pid: number, start: string): boolean {
  if (space !== pidNamespace()) return false;
  if (!isRunning(pid)) return true;
  // Another's process may be hidden, and then says nothing.
  return process.platform === 'linux' && existsSync(`/proc/${pid}/stat`) && processStartOf(pid) !== start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
