import { optionChecks } from '../options.js';
import type { Candidate, Hook, OptionRules } from '../profile.js';

/** Every process keeps the options of all subscriptions in memory. */
const MOST_TYPES = 100;
const MOST_CHARACTERS = 128;

/** `objectTypes`: only events about objects of these types; null: of any. */
export const breakcoldV2Options: OptionRules = {
  defaults: { objectTypes: null },
  check: optionChecks({
    objectTypes: (value) =>
      value === null || (Array.isArray(value) && value.length <= MOST_TYPES && value.every(isType))
        ? null
        : `Use a list of at most ${MOST_TYPES} object types of up to ${MOST_CHARACTERS} characters, like ["person"], ` +
          'or null.',
  }),
};

function isType(item: unknown): boolean {
  return typeof item === 'string' && item.length <= MOST_CHARACTERS;
}

/** What says nothing about its object's type passes: the filter is about records. */
export function exclusionReason({ options }: Hook, { data }: Candidate): string | null {
  const { objectTypes } = options as { objectTypes?: string[] | null };
  const { objectType } = (data ?? {}) as { objectType?: unknown };
  if (!objectTypes || typeof objectType !== 'string') return null;
  return objectTypes.includes(objectType) ? null : 'object_type';
}
