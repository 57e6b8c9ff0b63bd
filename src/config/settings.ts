import { LIMIT_NAMES, type Limits } from '../core/limits.js';
import { LIMIT_SETTINGS } from './limit-settings.js';
import { SETTINGS } from './settings-table.js';

type Table = typeof SETTINGS;

/** The value of every setting; `settings-table.ts` says what each one means. */
type SettingValues = { -readonly [Name in keyof Table]: ReturnType<Table[Name]['parse']> } & {
  /** What a space may have where it has no limits of its own. */
  spaceLimits: Limits;
};

/** Every setting, read once at boot (`read-settings.ts`) and injected from then on. A new one has the defaults. */
export class Settings extends (Object as unknown as new () => SettingValues) {
  constructor() {
    super();
    for (const [name, { default: value }] of Object.entries(SETTINGS))
      Object.assign(this, { [name]: Array.isArray(value) ? [...value] : value });
    const limits = LIMIT_NAMES.map((name) => [name, LIMIT_SETTINGS[name].default] as const);
    Object.assign(this, { spaceLimits: Object.fromEntries(limits) });
  }
}
