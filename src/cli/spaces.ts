import type { Command } from 'commander';
import { CliFailure } from './cli-failure.js';
import { Context } from './context.js';
import { addCatalogueCommand } from './space-catalogue.js';

interface Space {
  id: string;
  uid: string | null;
  name: string;
  profile: string;
  tags: string[];
}

interface Key {
  id: string;
  name: string;
  scope: string;
  prefix: string;
  lastUsedAt: string | null;
}

/** `posthorn spaces …` and `posthorn keys …` */
export function addSpaceCommands(program: Command): void {
  const spaces = program.command('spaces').description('tenants (admin key)');
  spaces
    .command('list')
    .description('list all spaces')
    .option('--tag <tag>', 'only spaces with this tag')
    .action(async ({ tag }: { tag?: string }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({ limit: '250', ...(tag !== undefined && { tag }) });
      const page = await context.client.list<Space>(`/v1/spaces?${query.toString()}`);
      context.table(page, ['ID', 'UID', 'NAME', 'PROFILE', 'TAGS'], (space) => [
        ...[space.id, space.uid, space.name, space.profile, space.tags.join(' ')],
      ]);
    });
  spaces
    .command('create <name>')
    .description('create a space')
    .option('--uid <uid>', 'your own name for it')
    .option('--tag <tag...>', 'its tags; a broadcast can go to the spaces with a tag')
    .action(async (name: string, options: { uid?: string; tag?: string[] }, command: Command) => {
      const context = new Context(command);
      const { uid, tag: tags } = options;
      context.show(await context.client.call<Space>('POST', '/v1/spaces', { name, uid, tags }));
    });
  addTagsCommand(spaces);
  spaces
    .command('delete <space>')
    .description('delete a space and everything in it')
    .action(async (space: string, _options, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', `/v1/spaces/${encodeURIComponent(space)}`);
      context.printSentence(`Space ${space} is deleted.`);
    });
  addRetentionCommand(spaces);
  addCatalogueCommand(spaces);
  addKeyCommands(program);
}

function addTagsCommand(spaces: Command): void {
  spaces
    .command('tags <space> [tags...]')
    .description('show or replace the tags of a space')
    .option('--none', 'remove all tags')
    .action(async (space: string, tags: string[], { none }: { none?: boolean }, command: Command) => {
      if (none && tags.length > 0) throw new CliFailure(['Give tags or --none, not both. Nothing was sent.']);
      const context = new Context(command);
      const path = `/v1/spaces/${encodeURIComponent(space)}`;
      const isChange = none === true || tags.length > 0;
      const answer = isChange
        ? await context.client.call<Space>('PATCH', path, { tags })
        : await context.client.call<Space>('GET', path);
      context.print(answer.tags, answer.tags.length > 0 ? answer.tags : ['(none)']);
    });
}

interface RetentionOptions {
  events?: string;
  attempts?: string;
  bodies?: string;
}

function addRetentionCommand(spaces: Command): void {
  spaces
    .command('retention <space>')
    .description(
      'show or change after how many days the data of a space is deleted; "default": the server’s setting',
    )
    .option('--events <days>', 'events, and deliveries with their attempts')
    .option('--attempts <days>', 'attempts')
    .option('--bodies <days>', 'the data of events, and the bodies and headers of attempts')
    .action(async (space: string, { events, attempts, bodies }: RetentionOptions, command: Command) => {
      const context = new Context(command);
      const path = `/v1/spaces/${encodeURIComponent(space)}`;
      const retention = {
        ...(events !== undefined && { eventsDays: daysOf(events) }),
        ...(attempts !== undefined && { attemptsDays: daysOf(attempts) }),
        ...(bodies !== undefined && { bodiesDays: daysOf(bodies) }),
      };
      const isChange = Object.keys(retention).length > 0;
      const answer = await context.client.call<{ retention: object }>(
        isChange ? 'PATCH' : 'GET',
        path,
        isChange ? { retention } : undefined,
      );
      context.show(answer.retention);
    });
}

function daysOf(text: string): number | null {
  if (text === 'default') return null;
  if (!/^\d+$/.test(text)) throw new CliFailure([`"${text}" is not a number of days. Nothing was sent.`]);
  return Number(text);
}

function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('keys of a space (admin key)');
  keys
    .command('list')
    .description('list the keys of a space')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.list<Key>(context.inSpace('/keys?limit=250'));
      context.table(page, ['ID', 'NAME', 'SCOPE', 'KEY', 'LAST USED'], (key) => [
        ...[key.id, key.name, key.scope, `${key.prefix}…`, key.lastUsedAt],
      ]);
    });
  keys
    .command('create <name>')
    .description('create a key; it is shown only once')
    .requiredOption('--scope <scope>', 'publish, read or manage')
    .action(async (name: string, { scope }: { scope: string }, command: Command) => {
      const context = new Context(command);
      context.show(await context.client.call<Key>('POST', context.inSpace('/keys'), { name, scope }));
    });
  keys
    .command('delete <key>')
    .description('revoke a key immediately')
    .action(async (key: string, _options, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', context.inSpace(`/keys/${encodeURIComponent(key)}`));
      context.printSentence(`Key ${key} is revoked.`);
    });
}
