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
    .description('show or change which event types a space has; options that are left out change nothing')
    .addOption(
      new Option('--built-in-events <on>', 'whether the space has the built-in event types of a CRM').choices(
        Object.keys(SWITCH),
      ),
    )
    .option('--hide <names...>', 'hide these event types, or patterns such as list.*')
    .option('--no-hide', 'hide nothing')
    .option('--feature <names...>', 'show event types that need these features (admin key)')
    .option('--no-feature', 'hide all event types that need a feature (admin key)')
    .addOption(
      new Option(
        '--validation <rule>',
        'how data is checked against schemas, unless an event type says otherwise',
      ).choices(['off', 'warn', 'enforce', DEFAULT]),
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
