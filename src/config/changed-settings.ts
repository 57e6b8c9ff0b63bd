import { LIMIT_NAMES } from '../core/limits.js';
import type { Setting } from './setting.js';
import type { Settings } from './settings.js';
import { LIMIT_SETTINGS } from './limit-settings.js';
import { SETTINGS } from './settings-table.js';

/** A setting that is not as the table says. */
export interface ChangedSetting {
  /** The environment variable. */
  name: string;
  /** Its value as an environment variable's text; null where it is only said that it is set. */
  value: string | null;
  /** The default as an environment variable's text; null where there is none. */
  default: string | null;
}

/** Everything that differs from its default. Secrets, and addresses that may hold one, come without their value. */
export function changedSettings(settings: Settings): ChangedSetting[] {
  const named = Object.entries(SETTINGS).map(
    ([name, setting]) => [setting as Setting<unknown>, settings[name as keyof typeof SETTINGS]] as const,
  );
  const limits = LIMIT_NAMES.map((name) => [LIMIT_SETTINGS[name], settings.spaceLimits[name]] as const);
  return [...named, ...limits]
    .map(([setting, value]) => ({ setting, text: textOf(setting, value) }))
    .filter(({ setting, text }) => text !== textOf(setting, setting.default))
    .map(({ setting, text }) => ({
      name: setting.variable,
      value: mayShow(setting, text) ? text : null,
      default: setting.defaultText ?? null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** As the environment has it: lists with commas. */
function textOf({ nullText = '' }: Setting<unknown>, value: unknown): string {
  if (value === null || value === undefined) return nullText;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names that a new setting may have without being marked secret. */
const SECRET_NAME = /SECRET|PASSWORD|TOKEN|CREDENTIAL|_KEYS?$/;
/** Somebody's login, or a query, which may be a signature. */
const SECRET_IN_ADDRESS = /:\/\/[^/\s,]*@|:\/\/[^\s,]*\?/;

function mayShow({ isSecret, variable }: Setting<unknown>, text: string): boolean {
  return !isSecret && !SECRET_NAME.test(variable) && !SECRET_IN_ADDRESS.test(text);
}
