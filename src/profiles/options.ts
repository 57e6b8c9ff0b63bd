import type { Issue } from '../core/errors.js';
import type { OptionRules } from './profile.js';

/** Null for a value that fits, else what to write instead. */
type OptionCheck = (value: unknown) => string | null;

/** Checks options by name; those without a check do not exist. */
export function optionChecks(checks: Record<string, OptionCheck>): OptionRules['check'] {
  const byName = new Map(Object.entries(checks));
  return (options) =>
    Object.entries(options).flatMap(([name, value]): Issue[] => {
      const path = `profileOptions.${name}`;
      const check = byName.get(name);
      if (!check)
        return [{ path, code: 'unknown_option', message: 'This profile has no such option. Leave it out.' }];
      const message = check(value);
      return message === null ? [] : [{ path, code: 'invalid_option', message }];
    });
}

/** For a profile whose subscriptions have no options of their own. */
export const noOptions: OptionRules = { defaults: {}, check: optionChecks({}) };
