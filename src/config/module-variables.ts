import { SETTINGS } from './settings-table.js';

type Table = typeof SETTINGS;

/** The settings that are options of `PosthornModule`. */
export type ModuleOption = {
  [Name in keyof Table]: Table[Name] extends { inModule: true } ? Name : never;
}[keyof Table];

/** The environment variable of each of them. */
export function moduleVariables(): Record<ModuleOption, string> {
  const options = Object.entries(SETTINGS).filter(([, setting]) => 'inModule' in setting);
  return Object.fromEntries(options.map(([name, { variable }]) => [name, variable])) as Record<
    ModuleOption,
    string
  >;
}
