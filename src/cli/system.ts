import type { Command } from 'commander';
import { alignColumns } from '../lib/align-columns.js';
import { Context } from './context.js';

interface State {
  status: string;
  warnings: { message: string }[];
  self: { version: string };
  processes:
    { role: string; host: string; pid: number; version: string; state: string; seenAt: string }[] | null;
  queue: { backend: string; state: string; depth: number | null; lagSeconds: number | null };
  deliveries: { due: number; oldestDueSeconds: number | null; retrying: number; held: number } | null;
  database: {
    state: string;
    version: string | null;
    sizeBytes: number | null;
    connections: { posthorn: number; server: number; allowed: number } | null;
    migrations: { applied: number; expected: number } | null;
  };
  retention: { days: number; oldestDay: string | null; nextDropAt: string | null };
  jobs: { running: number; waiting: number; failed: number } | null;
  settings: { name: string; value: string | null }[];
}

/** `posthorn system` */
export function addSystemCommand(program: Command): void {
  program
    .command('system')
    .description('show processes, queue, database and backlog (admin key)')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const state = await context.client.call<State>('GET', '/v1/system');
      context.print(state, linesOf(state));
    });
}

function linesOf(state: State): string[] {
  const { queue, deliveries, database, retention, jobs } = state;
  const { connections, migrations } = database;
  const facts: [string, string][] = [
    ['status', state.status],
    ['due', deliveries ? `${deliveries.due}, oldest for ${shown(deliveries.oldestDueSeconds, ' s')}` : '-'],
    ['retrying, held', deliveries ? `${deliveries.retrying}, ${deliveries.held}` : '-'],
    [
      'queue',
      `${queue.backend}, ${queue.state}, depth ${shown(queue.depth)}, lag ${shown(queue.lagSeconds, ' s')}`,
    ],
    [
      'database',
      `${database.state}, PostgreSQL ${shown(database.version)}, ${megabytes(database.sizeBytes)}`,
    ],
    [
      'connections',
      connections
        ? `${connections.posthorn} of Posthorn, ${connections.server} of ${connections.allowed}`
        : '-',
    ],
    ['migrations', migrations ? `${migrations.applied} of ${migrations.expected}` : '-'],
    [
      'retention',
      `${retention.days} days, oldest ${shown(retention.oldestDay)}, next drop ${shown(retention.nextDropAt)}`,
    ],
    ['jobs', jobs ? `${jobs.running} running, ${jobs.waiting} waiting, ${jobs.failed} failed` : '-'],
  ];
  const processes = (state.processes ?? []).map(({ role, host, pid, version, state: is, seenAt }) => [
    ...[role, host, String(pid), version, is, seenAt],
  ]);
  const settings = state.settings.map(({ name, value }) => [name, value ?? '(set)']);
  return [
    ...state.warnings.map(({ message }) => `! ${message}`),
    ...alignColumns(facts),
    '',
    ...alignColumns([['ROLE', 'HOST', 'PID', 'VERSION', 'STATE', 'SEEN'], ...processes]),
    '',
    ...alignColumns([['SETTING', 'VALUE'], ...settings]),
  ];
}

function shown(value: string | number | null, unit = ''): string {
  if (value === null) return '-';
  return `${typeof value === 'number' ? Math.round(value * 10) / 10 : value}${unit}`;
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '-' : `${Math.round(bytes / 1e6)} MB`;
}
