import { InvalidArgumentError, type Command } from 'commander';
import type { Page } from './client.js';
import { CliFailure } from './cli-failure.js';
import { Context } from './context.js';

interface Erasure {
  id: string;
  status: string;
  mode: string;
  dryRun: boolean;
  requestedBy: string;
  counts: { events: number };
  verification: { complete: boolean } | null;
  createdAt: string;
}

interface Criteria {
  subject?: string;
  event?: string[];
  since?: string;
  until?: string;
  all?: true;
}

interface EraseOptions extends Criteria {
  rows?: true;
  dryRun?: true;
  yes?: true;
}

interface Hold {
  id: string;
  reason: string;
  event: string | null;
  subjectId: string | null;
  setBy: string;
  releasedAt: string | null;
}

/** `posthorn erase …` and `posthorn hold …` */
export function addErasureCommands(program: Command): void {
  const erase = program
    .command('erase')
    .description('erase event data permanently, and list the records of erasures');
  withCriteria(erase.command('start', { isDefault: true }))
    .description('erase the events that match all conditions, with their deliveries and attempts')
    .option('--all', 'everything in the space')
    .option('--rows', 'delete whole rows; otherwise ids, times and status codes stay')
    .option('--dry-run', 'only count')
    .option('--yes', 'confirm the erasure; required without --dry-run')
    .action(async (options: EraseOptions, command: Command) => {
      if (!options.yes && !options.dryRun)
        throw new CliFailure([
          'An erasure cannot be undone. Count with --dry-run first, then pass --yes. Nothing was sent.',
        ]);
      const context = new Context(command);
      context.show(await context.client.call<object>('POST', context.inSpace('/erasures'), inputOf(options)));
    });
  erase
    .command('list')
    .description('list erasures, newest first')
    .option('--subject <id>', 'only erasures of this subject')
    .option('--limit <n>', 'how many', '20')
    .action(async ({ subject, limit }: { subject?: string; limit: string }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({ limit, ...(subject !== undefined && { subjectId: subject }) });
      const path = context.inSpace(`/erasures?${query.toString()}`);
      const page = await context.client.call<Page<Erasure>>('GET', path);
      context.table(page, ['ID', 'STATUS', 'EVENTS', 'COMPLETE', 'BY', 'CREATED'], (one) => [
        ...[one.id, one.dryRun ? `${one.status} (dry run)` : one.status, one.counts.events],
        ...[one.verification ? String(one.verification.complete) : null, one.requestedBy, one.createdAt],
      ]);
    });
  addAction(
    erase,
    'show <erasure>',
    'show the record of an erasure, with its verification',
    'GET',
    '/erasures',
    '',
  );
  const stop = 'stop an erasure; what it has erased stays erased';
  addAction(erase, 'cancel <erasure>', stop, 'POST', '/erasures', '/cancel');
  addHoldCommands(program);
}

function addHoldCommands(program: Command): void {
  const hold = program.command('hold').description('legal holds: events that nobody can remove');
  withCriteria(hold.command('set <reason>'), false)
    .description('keep the events that match all conditions; without conditions, everything in the space')
    .action(
      async (reason: string, options: Omit<Criteria, 'event'> & { event?: string }, command: Command) => {
        const { subject: subjectId, event, since, until } = options;
        const context = new Context(command);
        const input = { reason, subjectId, event, since, until };
        context.show(await context.client.call<object>('POST', context.inSpace('/holds'), input));
      },
    );
  hold
    .command('list')
    .description('list legal holds, including released ones')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.list<Hold>(context.inSpace('/holds?limit=250'));
      context.table(page, ['ID', 'EVENT', 'SUBJECT', 'BY', 'RELEASED', 'REASON'], (one) => [
        ...[one.id, one.event, one.subjectId, one.setBy, one.releasedAt, one.reason],
      ]);
    });
  addAction(hold, 'show <hold>', 'show a legal hold', 'GET', '/holds', '');
  addAction(hold, 'release <hold>', 'end a legal hold', 'POST', '/holds', '/release');
}

/** A command on one object. */
function addAction(
  parent: Command,
  usage: string,
  description: string,
  method: string,
  list: string,
  rest: string,
): void {
  parent
    .command(usage)
    .description(description)
    .action(async (ref: string, _options, command: Command) => {
      const context = new Context(command);
      const path = context.inSpace(`${list}/${encodeURIComponent(ref)}${rest}`);
      context.show(await context.client.call<object>(method, path));
    });
}

function withCriteria(command: Command, isList = true): Command {
  const about = 'only events about this person: the subjectId, or the leadId of the scope';
  const withSubject = command.option('--subject <id>', about);
  const withEvent = isList
    ? withSubject.option('--event <id...>', 'only these events')
    : withSubject.option('--event <id>', 'only this event');
  return withEvent
    .option('--since <time>', 'only events published at or after this time', timeOf)
    .option('--until <time>', 'only events published before this time', timeOf);
}

function timeOf(text: string): string {
  if (Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Use a time such as 2026-01-31T09:00:00Z.');
  return text;
}

function inputOf({
  subject: subjectId,
  event: events,
  since,
  until,
  all,
  rows,
  dryRun,
}: EraseOptions): object {
  return { subjectId, events, since, until, all, dryRun, ...(rows && { mode: 'rows' }) };
}
