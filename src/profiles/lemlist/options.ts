import { optionChecks } from '../options.js';
import type { OptionRules } from '../profile.js';

const MAX_ZAP_ID = 256;

/**
 * `isFirst`: only the first activity of each type for each lead. `zapId`: the caller's own note; nothing depends on it.
 */
export const lemlistOptions: OptionRules = {
  defaults: { isFirst: false, zapId: null },
  check: optionChecks({
    isFirst: (value) => (typeof value === 'boolean' ? null : 'Use true or false.'),
    zapId: (value) =>
      value === null ||
      Number.isSafeInteger(value) ||
      (typeof value === 'string' && value !== '' && value.length <= MAX_ZAP_ID)
        ? null
        : `Use a text of at most ${MAX_ZAP_ID} characters, a whole number, or null.`,
  }),
};
