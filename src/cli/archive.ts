import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { alignColumns } from '../lib/align-columns.js';
import { CliFailure } from './cli-failure.js';
import { Context } from './context.js';

interface Archive {
  url: string | null;
  afterDays: number;
  required: boolean;
  waiting: number;
  days: {
    day: string;
    state: string;
    passes: number;
    archivedUntil: string | null;
    failures: number;
    nextTryAt: string | null;
  }[];
}

const ASK_EVERY_MS = 1_000;

/** `posthorn archive …` */
export function addArchiveCommands(program: Command): void {
  const archive = program.command('archive').description('the archive of finished days (admin key)');
  archive
    .command('status')
    .description('show which days are archived and which are waiting')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const state = await context.client.call<Archive>('GET', '/v1/archive');
      context.print(state, linesOf(state));
    });
  archive
    .command('run')
    .description('archive all days that are due now, including failed ones')
    .option('--wait', 'wait until all are archived; exit with 1 when one fails')
    .action(async ({ wait = false }: { wait?: boolean }, command: Command) => {
      const context = new Context(command);
      const begun = await context.client.call<Archive>('POST', '/v1/archive/run');
      const state = wait ? await ended(context, begun) : begun;
      context.print(state, linesOf(state));
      const failed = state.days.filter((day) => day.state === 'failed').map(({ day }) => day);
      if (wait && failed.length > 0)
        throw new CliFailure([
          `Not archived: ${failed.join(', ')}. The log of the server says why (archive.failed).`,
        ]);
    });
}

/** The state once nothing waits, or once a day failed after the run began. */
async function ended(context: Context, begun: Archive): Promise<Archive> {
  // A day that succeeds at last has none any more: so each day is compared with itself.
  const before = new Map(begun.days.map(({ day, failures }) => [day, failures]));
  const hasFailed = ({ days }: Archive) =>
    days.some(({ day, failures }) => failures > (before.get(day) ?? 0));
  for (let state = begun; ;) {
    if (state.waiting === 0 || hasFailed(state)) return state;
    await sleep(ASK_EVERY_MS);
    state = await context.client.call<Archive>('GET', '/v1/archive');
  }
}

function linesOf({ url, afterDays, required, waiting, days }: Archive): string[] {
  if (url === null) return ['There is no archive: POSTHORN_ARCHIVE_URL is not set.'];
  const facts = [
    ['archive', url],
    ['a day is archived', `${afterDays} days after its end`],
    ['retention', required ? 'waits for the archive' : 'does not wait for the archive'],
    ['days waiting', String(waiting)],
  ];
  const rows = days.map(({ day, state, passes, archivedUntil, failures, nextTryAt }) => [
    ...[day, state, String(passes), archivedUntil ?? '-', String(failures), nextTryAt ?? '-'],
  ]);
  return [
    ...alignColumns(facts),
    '',
    ...alignColumns([['DAY', 'STATE', 'PASSES', 'UNTIL', 'FAILURES', 'NEXT TRY'], ...rows]),
  ];
}
