import type { Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';
import { addBroadcastCommand } from './broadcasts.js';
import { readJson } from './option-json.js';
import { addEventTypeCommands } from './event-types.js';
import { asNumber, collectTag } from './option-values.js';
import { readTypes } from './types-file.js';

interface Event {
  id: string;
  uid: string | null;
  type: string;
  occurredAt: string;
}

interface PublishOptions {
  data: string;
  id?: string;
  subject?: string;
  deliverAt?: string;
  idempotencyKey?: string;
  upsertSpace?: boolean;
  tag?: Record<string, string>;
  typeVersion?: number;
}

interface SyncOptions {
  prune?: boolean;
  dryRun?: boolean;
  force?: boolean;
}

/** `posthorn events …` and `posthorn event-types` */
export function addEventCommands(program: Command): void {
  const events = program.command('events').description('publish, list and show events');
  addPublishCommand(events);
  addBroadcastCommand(events);
  events
    .command('list')
    .description('list events, newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--subject <id>', 'only events about this person')
    .action(async ({ limit, subject }: { limit: string; subject?: string }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({ limit, ...(subject !== undefined && { subjectId: subject }) });
      const page = await context.client.call<Page<Event>>(
        'GET',
        context.inSpace(`/events?${query.toString()}`),
      );
      context.table(page, ['ID', 'YOUR ID', 'TYPE', 'OCCURRED'], (event) => [
        ...[event.id, event.uid, event.type, event.occurredAt],
      ]);
    });
  events
    .command('show <event>')
    .description('show an event with its data')
    .action(async (event: string, _options, command: Command) => {
      const context = new Context(command);
      const path = context.inSpace(`/events/${encodeURIComponent(event)}`);
      context.show(await context.client.call<object>('GET', path));
    });
  addSyncCommand(events);
  addEventTypeCommands(program);
}

function addPublishCommand(events: Command): void {
  events
    .command('publish <type>')
    .description('publish an event')
    .option('--data <json>', 'event data: JSON, @file, or - for standard input', '{}')
    .option('--id <id>', 'your own id of the event; repeating it changes nothing')
    .option('--idempotency-key <key>', 'idempotency key of this request; repeating it changes nothing')
    .option('--upsert-space', 'create the space if no space has this uid (admin key)')
    .option('--deliver-at <time>', 'when to deliver it, ISO 8601 with a zone')
    .option('--subject <id>', 'your id of the person whom the event is about; an erasure finds events by it')
    .option('--tag <name=value>', 'a tag, such as client=acme; may be repeated', collectTag)
    .option(
      '--type-version <n>',
      'the version of its type; default: the newest that is not a draft',
      asNumber,
    )
    .action(async (type: string, options: PublishOptions, command: Command) => {
      const { data, id, subject: subjectId, deliverAt, tag: tags, typeVersion: version } = options;
      const { idempotencyKey: key, upsertSpace } = options;
      const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
      const context = new Context(command);
      const fields = JSON.stringify({ type, id, subjectId, deliverAt, tags, version }).slice(0, -1);
      const body = `${fields},"data":${readJson(data, '--data')}}`;
      context.show(
        await context.client.call<object>(
          'POST',
          context.inSpace(upsertSpace ? '/events?upsertSpace=true' : '/events'),
          body,
          headers,
        ),
      );
    });
}

function addSyncCommand(events: Command): void {
  events
    .command('sync [file]')
    .description('define the event types of a file for all spaces (admin key)')
    .option('--prune', 'remove types that an earlier file defined and this one does not')
    .option('--dry-run', 'only show what would change')
    .option('--force', 'allow changes that break publishers or receivers of a version')
    .action(async (file: string | undefined, options: SyncOptions, command: Command) => {
      const context = new Context(command);
      const { types = {} } = (readTypes(file ?? 'posthorn.events.yaml') ?? {}) as { types?: unknown };
      const { prune = false, dryRun = false, force = false } = options;
      const body = { types, prune, dryRun, ...(force && { force }) };
      const report = await context.client.call<Record<string, string[]>>('PUT', '/v1/event-types', body);
      const lines = Object.entries(report).map(([what, names]) => `${what}: ${names.join(', ') || '(none)'}`);
      context.print(report, lines);
    });
}
