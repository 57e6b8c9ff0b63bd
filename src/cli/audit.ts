import { once } from 'node:events';
import { Option, type Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';

interface Entry {
  id: string;
  at: string;
  action: string;
  actor: { kind: string; id: string | null; name: string | null };
  via: string;
  target: { id: string; name: string | null };
  ip: string | null;
}

interface Filter {
  allSpaces?: boolean;
  actor?: string;
  action?: string;
  target?: string;
  since?: string;
  until?: string;
  limit?: string;
  format?: string;
}

/** `posthorn audit …` */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who changed what, when and from where');
  withFilter(audit.command('list'))
    .description('list changes of the space, newest first')
    .option('--limit <n>', 'how many', '20')
    .action(async (filter: Filter, command: Command) => {
      const context = new Context(command);
      const page = await context.client.call<Page<Entry>>('GET', pathOf(context, '', filter));
      context.table(page, ['AT', 'ACTOR', 'VIA', 'ACTION', 'TARGET', 'IP'], (entry) => [
        ...[
          entry.at,
          nameOf(entry.actor),
          entry.via,
          entry.action,
          entry.target.name ?? entry.target.id,
          entry.ip,
        ],
      ]);
    });
  withFilter(audit.command('export'))
    .description('print all changes that match the filter')
    .addOption(new Option('--format <format>', 'of the output').choices(['ndjson', 'csv']).default('ndjson'))
    .action(async (filter: Filter, command: Command) => {
      const context = new Context(command);
      const { body } = await context.client.stream(pathOf(context, '/export', filter));
      for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>)
        if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    });
}

function withFilter(command: Command): Command {
  return command
    .option('--all-spaces', 'changes in all spaces (admin key)')
    .option(
      '--actor <actor>',
      'only changes by this key_…, lnk_… or usr_…, or by admin, key, portal_link, person or application',
    )
    .option('--action <action>', 'only this action, e.g. subscription.update or subscription.*')
    .option('--target <target>', 'only changes of this object, by its id or name')
    .option('--since <time>', 'only from this time on, ISO 8601')
    .option('--until <time>', 'only before this time, ISO 8601');
}

function pathOf(context: Context, rest: string, { allSpaces = false, ...filter }: Filter): string {
  const query = new URLSearchParams(Object.entries<string>(filter)).toString();
  return `${allSpaces ? '/v1/audit' : context.inSpace('/audit')}${rest}?${query}`;
}

function nameOf({ kind, id, name }: Entry['actor']): string {
  return name ?? id ?? kind;
}
