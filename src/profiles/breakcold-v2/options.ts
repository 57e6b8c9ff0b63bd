import { optionChecks } from '../options.js';
import type { Candidate, Hook, OptionRules } from '../profile.js';

/** `objectTypes`: only events about objects of these types; null: of any. */
export const breakcoldV2Options: OptionRules = {
  defaults: { objectTypes: null },
  check: optionChecks({
    objectTypes: (value) =>
      value === null || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
        ? null
        : 'Use a list of object types, like ["person"], or null.',
  }),
};

/** What says nothing about its object's type passes: the filter is about records. */
export function exclusionReason({ options }: Hook, { data }: Candidate): string | null {
  const { objectTypes } = options as { objectTypes?: string[] | null };
  const { objectType } = (data ?? {}) as { objectType?: unknown };
  if (!objectTypes || typeof objectType !== 'string') return null;
  return objectTypes.includes(objectType) ? null : 'object_type';
}
