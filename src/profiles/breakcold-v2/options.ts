import type { Candidate, Hook, OptionRules } from '../profile.js';

/** `objectTypes`: only events about objects of these types; null: of any. */
export const breakcoldV2Options: OptionRules = {
  defaults: { objectTypes: null },
  check: (options) =>
    Object.entries(options).flatMap(([name, value]) => {
      const path = `profileOptions.${name}`;
      if (name !== 'objectTypes')
        return [{ path, code: 'unknown_option', message: 'This profile has no such option. Leave it out.' }];
      return value === null || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
        ? []
        : [
            {
              path,
              code: 'invalid_option',
              message: 'Use a list of object types, like ["person"], or null.',
            },
          ];
    }),
};

/** What says nothing about its object's type passes: the filter is about records. */
export function exclusionReason({ options }: Hook, { data }: Candidate): string | null {
  const { objectTypes } = options as { objectTypes?: string[] | null };
  const { objectType } = (data ?? {}) as { objectType?: unknown };
  if (!objectTypes || typeof objectType !== 'string') return null;
  return objectTypes.includes(objectType) ? null : 'object_type';
}
