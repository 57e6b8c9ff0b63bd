import { VALIDATIONS } from '../core/space-catalogue.js';
import { choice, text, type Rule, type Setting } from './setting.js';

const FILE_RULE: Rule = { accepts: (it) => it !== '', problem: 'is not the path of a file' };

/** The settings of the catalogue of event types. */
export const CATALOGUE_SETTINGS = {
  builtInEvents: choice(['on', 'off'], {
    variable: 'POSTHORN_BUILT_IN_EVENTS',
    default: 'on',
    inModule: true,
    doc:
      'Whether spaces have the built-in events of a CRM (leads, campaigns, lists, statuses, tags). A ' +
      'space may say otherwise. See [docs/event-types.md](docs/event-types.md).',
  }),
  validation: choice(VALIDATIONS, {
    variable: 'POSTHORN_VALIDATION',
    default: 'off',
    inModule: true,
    doc:
      'Whether the data of published events is compared with the schemas of their types: `off`; `warn` ' +
      'tells of differences; `enforce` refuses them with a 422. A space or an event type may say otherwise.',
  }),
  eventsFile: text({
    variable: 'POSTHORN_EVENTS_FILE',
    defaultNote: '`posthorn.events.yaml`, if there is one',
    rule: FILE_RULE,
    doc:
      'The file with the event types of the whole instance, which a process with an API defines as it ' +
      'starts. See [docs/event-types.md](docs/event-types.md#by-file).',
  }),
} satisfies Record<string, Setting<unknown>>;
