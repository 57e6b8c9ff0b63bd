import { Option, type Command } from 'commander';
import { Context } from './context.js';

const DEFAULT = 'default';
const SWITCH = { on: true, off: false, [DEFAULT]: null };

interface Options {
  builtInEvents?: keyof typeof SWITCH;
  hide?: string[] | false;
  feature?: string[] | false;
  validation?: string;
}

/** `posthorn spaces catalogue` */
export function addCatalogueCommand(spaces: Command): void {
  spaces
    .command('catalogue <space>')
    .description('show what is part of the catalogue of a space, or change it; what is left out stays')
    .addOption(
      new Option('--built-in-events <on>', 'whether the events of a CRM are part of it').choices(
        Object.keys(SWITCH),
      ),
    )
    .option('--hide <names...>', 'event types and patterns such as list.* that it does not have')
    .option('--no-hide', 'hide nothing')
    .option('--feature <names...>', 'features of event types that it has (admin key)')
    .option('--no-feature', 'it has no features (admin key)')
    .addOption(
      new Option('--validation <rule>', 'for data of types that do not say').choices([
        'off',
        'warn',
        'enforce',
        DEFAULT,
      ]),
    )
    .action(async (space: string, _options: Options, command: Command) => {
      const context = new Context(command);
      const path = `/v1/spaces/${encodeURIComponent(space)}/catalogue`;
      const changes = changesOf(command);
      const isChange = Object.keys(changes).length > 0;
      const { client } = context;
      context.show(await (isChange ? client.call('PATCH', path, changes) : client.call('GET', path)));
    });
}

function changesOf(command: Command): object {
  const { builtInEvents, hide, feature, validation } = command.opts<Options>();
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  return {
    ...(builtInEvents !== undefined && { builtInEvents: SWITCH[builtInEvents] }),
    ...(isGiven('hide') && { hidden: hide || [] }),
    ...(isGiven('feature') && { features: feature || [] }),
    ...(validation !== undefined && { validation: validation === DEFAULT ? null : validation }),
  };
}
