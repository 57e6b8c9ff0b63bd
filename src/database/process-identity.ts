import { readFileSync } from 'node:fs';

/** What tells a process from a later one with the same number; empty when there is no such process, or only its remains. */
export function startOfProcess(pid: number): string {
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
