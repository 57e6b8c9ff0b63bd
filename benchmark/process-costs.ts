import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Which part of the engine a process belongs to. */
export type Group = 'node' | 'postgres' | 'redis';

/** What a group has used since its processes started. */
export interface Cost {
  /** User and system time, seconds. */
  cpuSeconds: number;
  /** Resident memory of all its processes now, MB; PostgreSQL's counts shared pages once. */
  memoryMb: number;
  /** The same with shared pages divided among those that share them (PSS), MB. */
  pssMb: number;
  /** How often its threads waited for something and were woken again. */
  wakeUps: number;
  processes: number;
}

/** Clock ticks a second in /proc; Linux has had 100 on every machine Node runs on. */
const TICKS = 100;

/** The costs of these processes and of all they started, from /proc: Linux only. */
export function readCosts(roots: readonly number[]): Record<Group, Cost> {
  const costs: Record<Group, Cost> = { node: noCost(), postgres: noCost(), redis: noCost() };
  for (const pid of withDescendants(roots)) {
    try {
      const stat = readStat(pid);
      const cost = costs[groupOf(stat.command)];
      cost.cpuSeconds += stat.ticks / TICKS;
      cost.memoryMb += memoryOf(pid, stat.command);
      cost.pssMb += readKb(`/proc/${pid}/smaps_rollup`, 'Pss') / 1_024;
      cost.wakeUps += wakeUpsOf(pid);
      cost.processes += 1;
    } catch {
      // It ended while we looked; its parent has counted its time by now or soon.
    }
  }
  return costs;
}

/** The costs of these processes and of all they started, whatever they are. */
export function costOf(roots: readonly number[]): Cost {
  return Object.values(readCosts(roots)).reduce((sum, one) => ({
    cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
    memoryMb: sum.memoryMb + one.memoryMb,
    pssMb: sum.pssMb + one.pssMb,
    wakeUps: sum.wakeUps + one.wakeUps,
    processes: sum.processes + one.processes,
  }));
}

/** CPU seconds between two readings for every 10,000 of `units`, in all and per group, as figures. */
export function cpuFigures(
  before: Record<Group, Cost>,
  after: Record<Group, Cost>,
  units: number,
): Record<string, number> {
  const used = (group: Group) => ((after[group].cpuSeconds - before[group].cpuSeconds) * 10_000) / units;
  const [node, postgres, redis] = [used('node'), used('postgres'), used('redis')];
  return {
    'cpu s/10k': node + postgres + redis,
    'cpu node s/10k': node,
    'cpu postgres s/10k': postgres,
    ...(after.redis.processes > 0 && { 'cpu redis s/10k': redis }),
  };
}

/** The most memory the Node processes among these had since they started or it was forgotten, MB. */
export function peakNodeMemory(roots: readonly number[]): number {
  return nodeProcesses(roots).reduce((sum, pid) => sum + readKb(`/proc/${pid}/status`, 'VmHWM') / 1_024, 0);
}

/** Peaks start again from what is in use now. */
export function forgetPeakMemory(roots: readonly number[]): void {
  for (const pid of nodeProcesses(roots)) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function nodeProcesses(roots: readonly number[]): number[] {
  return withDescendants(roots).filter((pid) => {
    try {
      return groupOf(readStat(pid).command) === 'node';
    } catch {
      return false;
    }
  });
}

/** The PostgreSQL and Redis servers that this process started itself. */
export function serversOf(parent: number): number[] {
  return withDescendants([parent]).filter((pid) => {
    try {
      const stat = readStat(pid);
      return stat.parent === parent && groupOf(stat.command) !== 'node';
    } catch {
      return false;
    }
  });
}

function noCost(): Cost {
  return { cpuSeconds: 0, memoryMb: 0, pssMb: 0, wakeUps: 0, processes: 0 };
}

function groupOf(command: string): Group {
  if (command.startsWith('postgres')) return 'postgres';
  return command.startsWith('redis') ? 'redis' : 'node';
}

function withDescendants(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const { parent } = readStat(Number(name));
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const found: number[] = [];
  const left = [...roots];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    found.push(pid);
    left.push(...(children.get(pid) ?? []));
  }
  return found;
}

function readStat(pid: number): { command: string; parent: number; ticks: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  // After the name: state, parent, …; user, system, and the same of children that ended.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { command: text.slice(text.indexOf('(') + 1, end), parent: Number(fields[1]), ticks };
}

function wakeUpsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
}

function memoryOf(pid: number, command: string): number {
  const isPostgres = groupOf(command) === 'postgres';
  const kb = isPostgres ? readKb(`/proc/${pid}/smaps_rollup`, 'Pss') : readKb(`/proc/${pid}/status`, 'VmRSS');
  return kb / 1_024;
}

function readKb(file: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return Number(found ?? 0);
}
