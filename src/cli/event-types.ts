import type { Command } from 'commander';
import { CliFailure } from './cli-failure.js';
import type { Page } from './client.js';
import { Context } from './context.js';
import { readTypes } from './types-file.js';

interface EventType {
  name: string;
  family: string;
  description: string;
  custom: boolean;
  deprecated: boolean;
  replacedBy: string | null;
  feature?: string;
  version?: number;
}

interface Options {
  everywhere?: boolean;
}
interface DefineOptions extends Options {
  file: string;
  force?: boolean;
}

/** `posthorn event-types …`: of a space, or with `--everywhere` of the whole instance. */
export function addEventTypeCommands(program: Command): void {
  const types = withPlace(program.command('event-types').description('list what a space can publish')).action(
    async (options: Options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.call<Page<EventType>>('GET', pathOf(context, options));
      context.table(page, ['NAME', 'FAMILY', 'VERSION', 'NOTE', 'MEANING'], (type) => [
        ...[type.name, type.family, type.version ?? null, noteOf(type), type.description],
      ]);
    },
  );
  withPlace(
    types.command('show <name>').description('show an event type with its schema and examples'),
  ).action(async (name: string, _options: Options, command: Command) => {
    const context = new Context(command);
    context.show(await context.client.call<object>('GET', pathOf(context, command.optsWithGlobals(), name)));
  });
  withPlace(types.command('define <name>').description('define an event type, or replace its definition'))
    .requiredOption('-f, --file <file>', 'its definition as YAML or JSON: description, schema, example, …')
    .option('--force', 'allow changes that break publishers or receivers of a version')
    .action(async (name: string, { file, force }: DefineOptions, command: Command) => {
      const context = new Context(command);
      const path = pathOf(context, command.optsWithGlobals(), name) + (force ? '?force=true' : '');
      const definition = readTypes(file);
      if (typeof definition !== 'object' || definition === null)
        throw new CliFailure([`${file} is no definition: write fields such as "description" and "schema".`]);
      context.show(await context.client.call<object>('PUT', path, definition));
    });
  withPlace(
    types.command('delete <name>').description('remove an event type; what was published stays'),
  ).action(async (name: string, _options: Options, command: Command) => {
    const context = new Context(command);
    await context.client.call('DELETE', pathOf(context, command.optsWithGlobals(), name));
    context.printSentence(`Event type ${name} is removed.`);
  });
}

function withPlace(command: Command): Command {
  return command.option('--everywhere', 'for all spaces, instead of one (admin key)');
}

/** `everywhere` of the parent command counts for its subcommands, too. */
function pathOf(context: Context, { everywhere }: Options, name?: string): string {
  const path = name === undefined ? '/event-types' : `/event-types/${encodeURIComponent(name)}`;
  return everywhere ? `/v1${path}` : context.inSpace(path);
}

function noteOf({ custom, deprecated, replacedBy, feature }: EventType): string | null {
  const notes = [
    ...(custom ? ['own'] : []),
    ...(deprecated ? [replacedBy === null ? 'deprecated' : `deprecated, use ${replacedBy}`] : []),
    ...(feature === undefined ? [] : [`feature ${feature}`]),
  ];
  return notes.length > 0 ? notes.join('; ') : null;
}
