import type { OptionRules } from './profile.js';

/** For a profile whose subscriptions have no options of their own. */
export const noOptions: OptionRules = {
  defaults: {},
  check: (options) =>
    Object.keys(options).map((name) => ({
      path: `profileOptions.${name}`,
      code: 'unknown_option',
      message: 'This profile has no such option. Leave it out.',
    })),
};
