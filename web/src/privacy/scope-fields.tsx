import { TextInput } from '@mantine/core';
import { momentOf } from '../text/time-zone.js';

/** Which events: of a person, of a time, or one of them. */
export interface Scope {
  event: string;
  subjectId: string;
  since: string;
  until: string;
}

export const NO_SCOPE: Scope = { event: '', subjectId: '', since: '', until: '' };

export function isEmptyScope(scope: Scope): boolean {
  return Object.values(scope).every((text: string) => text.trim() === '');
}

/** As the API wants it: without what is empty, and times with their zone. */
export function wireScope({ event, subjectId, since, until }: Scope) {
  const time = (text: string) => momentOf(text) ?? undefined;
  return {
    event: event.trim() || undefined,
    subjectId: subjectId.trim() || undefined,
    since: time(since),
    until: time(until),
  };
}

/** The fields with the names that the API gives them. */
export const SCOPE_FIELDS: Record<keyof Scope, string> = {
  event: 'event',
  subjectId: 'subjectId',
  since: 'since',
  until: 'until',
};

interface Props {
  scope: Scope;
  change: (scope: Scope) => void;
  /** What is wrong, by field. */
  errors: Partial<Record<keyof Scope, string>>;
  disabled?: boolean;
}

export function ScopeFields({ scope, change, errors, disabled = false }: Props) {
  const field = (name: keyof Scope) => ({
    name,
    disabled,
    value: scope[name],
    error: errors[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      change({ ...scope, [name]: currentTarget.value }),
  });
  return (
    <>
      <TextInput
        label="Person"
        description="The subjectId of events, or the leadId of events without one."
        {...field('subjectId')}
      />
      <TextInput label="This event" description="Its evt_ id or your own id." {...field('event')} />
      <div className="row wrap form-line">
        <TextInput type="datetime-local" label="Published since" {...field('since')} />
        <TextInput type="datetime-local" label="Published before" {...field('until')} />
      </div>
    </>
  );
}
