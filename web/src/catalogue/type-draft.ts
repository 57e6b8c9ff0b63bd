import { objectOf } from '../parts/json-field.js';
import type { EventType } from './event-types.js';
import type { TypeInput } from './type-calls.js';

/** An event type as a form holds it. */
export interface TypeDraft {
  name: string;
  description: string;
  family: string;
  schema: string;
  example: string;
  /** Empty: as the space says. */
  validation: '' | 'off' | 'warn' | 'enforce';
  deprecated: boolean;
  replacedBy: string;
}

/** The form's fields, with the names that the API gives them. */
export const TYPE_FIELDS = {
  name: 'name',
  description: 'description',
  family: 'family',
  schema: 'schema',
  example: 'example',
  replacedBy: 'replacedBy',
};

export function draftOf(type: EventType | null): TypeDraft {
  return {
    name: type?.name ?? '',
    description: type?.description ?? '',
    family: type?.family ?? 'Custom',
    schema: JSON.stringify(type?.schema ?? {}, null, 2),
    example: JSON.stringify(type?.example ?? {}, null, 2),
    // The API tells what is in force, not whether the type says so itself: saving must not weaken it.
    validation: type?.validation ?? '',
    deprecated: type?.deprecated ?? false,
    replacedBy: type?.replacedBy ?? '',
  };
}

/** What is sent. A PUT replaces the type, so what the form does not show goes along as it was. */
export function wireOf(draft: TypeDraft, before: EventType | null): TypeInput {
  const { description, family, validation, deprecated, replacedBy } = draft;
  return {
    ...(before?.versions && { versions: before.versions }),
    ...(before?.examples && { examples: before.examples }),
    ...(before?.feature !== undefined && { feature: before.feature }),
    ...{ description, deprecated },
    ...(family.trim() !== '' && { family }),
    schema: objectOf(draft.schema).value ?? {},
    example: objectOf(draft.example).value ?? {},
    ...(validation !== '' && { validation }),
    ...(deprecated && replacedBy.trim() !== '' && { replacedBy: replacedBy.trim() }),
  };
}
