import type { OptionRules } from '../profile.js';

const MAX_ZAP_ID = 256;

/** `isFirst`: only the first activity of each type for each lead. `zapId`: the caller's own note; nothing depends on it. */
export const lemlistOptions: OptionRules = {
  defaults: { isFirst: false, zapId: null },
  check: (options) =>
    Object.entries(options).flatMap(([name, value]) => {
      const path = `profileOptions.${name}`;
      const message = PROBLEMS[name]?.(value);
      if (message === undefined)
        return [{ path, code: 'unknown_option', message: 'This profile has no such option. Leave it out.' }];
      return message === null ? [] : [{ path, code: 'invalid_option', message }];
    }),
};

const PROBLEMS: Record<string, ((value: unknown) => string | null) | undefined> = {
  isFirst: (value) => (typeof value === 'boolean' ? null : 'Use true or false.'),
  zapId: (value) =>
    value === null ||
    Number.isSafeInteger(value) ||
    (typeof value === 'string' && value !== '' && value.length <= MAX_ZAP_ID)
      ? null
      : `Use a text of at most ${MAX_ZAP_ID} characters, a whole number, or null.`,
};
