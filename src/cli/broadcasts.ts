import type { Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';
import { readJson } from './option-json.js';
import { asNumber, collectTag } from './option-values.js';

interface Broadcast {
  id: string;
  type: string;
  tag: string | null;
  status: string;
  spaces: number;
  published: number;
  skipped: number;
  failed: number;
  createdAt: string;
}

interface BroadcastOptions {
  data: string;
  to?: string;
  id?: string;
  idempotencyKey?: string;
  deliverAt?: string;
  tag?: Record<string, string>;
  typeVersion?: number;
  dryRun?: boolean;
}

/** `posthorn events broadcast` */
export function addBroadcastCommand(events: Command): void {
  events
    .command('broadcast <type>')
    .description('publish an event in all spaces, or in those with a tag (admin key)')
    .option('--data <json>', 'event data: JSON, @file, or - for standard input', '{}')
    .option('--to <tag>', 'only spaces with this tag')
    .option('--id <id>', 'your own id of the event; repeating it changes nothing')
    .option('--idempotency-key <key>', 'idempotency key of this request; repeating it changes nothing')
    .option('--deliver-at <time>', 'when to deliver it, ISO 8601 with a zone')
    .option('--tag <name=value>', 'a tag, such as region=eu; may be repeated', collectTag)
    .option('--type-version <n>', 'the version of its type', asNumber)
    .option('--dry-run', 'only count the spaces that would get it')
    .action(async (type: string, options: BroadcastOptions, command: Command) => {
      const { data, to: tag, id, deliverAt, tag: tags, typeVersion: version, dryRun } = options;
      const { idempotencyKey: key } = options;
      const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
      const context = new Context(command);
      const fields = JSON.stringify({ type, id, deliverAt, tags, version }).slice(0, -1);
      const rest = JSON.stringify({ tag, dryRun }).slice(1);
      const event = `${fields},"data":${readJson(data, '--data')}}`;
      const body = `{"event":${event}${rest === '}' ? '' : ','}${rest}`;
      context.show(await context.client.call<object>('POST', '/v1/broadcasts', body, headers));
    });
}

/** `posthorn broadcasts …` */
export function addBroadcastCommands(program: Command): void {
  const broadcasts = program.command('broadcasts').description('events for many spaces (admin key)');
  broadcasts
    .command('list')
    .description('list broadcasts, newest first')
    .option('--limit <n>', 'how many', '20')
    .action(async ({ limit }: { limit: string }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({ limit }).toString();
      const page = await context.client.call<Page<Broadcast>>('GET', `/v1/broadcasts?${query}`);
      const headings = ['ID', 'TYPE', 'TO', 'STATUS', 'PUBLISHED', 'SKIPPED', 'FAILED', 'CREATED'];
      context.table(page, headings, (one) => [
        ...[one.id, one.type, one.tag ?? '(all)', one.status, `${one.published}/${one.spaces}`],
        ...[String(one.skipped), String(one.failed), one.createdAt],
      ]);
    });
  const action = (name: string, description: string, method: string, rest: string) =>
    broadcasts
      .command(`${name} <broadcast>`)
      .description(description)
      .action(async (broadcast: string, _options, command: Command) => {
        const context = new Context(command);
        const path = `/v1/broadcasts/${encodeURIComponent(broadcast)}${rest}`;
        context.show(await context.client.call<object>(method, path));
      });
  action('show', 'show the progress of a broadcast', 'GET', '');
  action('cancel', 'stop a broadcast; spaces that already have the event keep it', 'POST', '/cancel');
}
