import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { body, PATCH } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import type { Space } from './space-search.js';

type Fields = [name: string, label: string][];

export const LIMITS: Fields = [
  ['subscriptions', 'Subscriptions'],
  ['keys', 'Keys'],
  ['portalLinks', 'Portal links'],
  ['eventTypes', 'Event types of its own'],
  ['eventsPerSecond', 'Events a second'],
  ['fanOut', 'Deliveries of one request'],
  ['openJobs', 'Jobs under way'],
  ['filterBytes', 'Bytes of a filter'],
];

export const RETENTION: Fields = [
  ['eventsDays', 'Events and deliveries, days'],
  ['attemptsDays', 'Attempts, days'],
  ['bodiesDays', 'Data and bodies, days'],
];

interface Props {
  part: 'limits' | 'retention';
  fields: Fields;
  values: Space['limits'] | Space['retention'];
}

/** The limits of a space. An empty field means the instance's limit. Only changed fields are sent. */
export function NumbersForm({ part, fields, values }: Props) {
  const space = useSpace();
  const queries = useQueryClient();
  const known = new Map<string, number>(Object.entries(values));
  const [draft, setDraft] = useState<Record<string, string>>({});
  const changed = fields.filter(([name]) => (draft[name] ?? textOf(known, name)) !== textOf(known, name));
  const save = useMutation({
    mutationFn: (sent: Record<string, string>) => {
      const numbers: Record<string, number | null> = {};
      for (const [name] of changed) numbers[name] = numberOf(sent[name] ?? '');
      return body(PATCH('/v1/spaces/{space}', { params: { path: { space } }, body: { [part]: numbers } }));
    },
    onSuccess: async (_saved, sent) => {
      tell('Saved.');
      await queries.invalidateQueries({ queryKey: ['space'] });
      // Keeps what was typed meanwhile.
      setDraft((now) => (now === sent ? {} : now));
    },
  });
  // The API names them `limits.keys`.
  const named = Object.fromEntries(fields.map(([name]) => [name, `${part}.${name}`]));
  const { fields: errors, rest } = fieldErrors(save.error, named);
  useFocusOnError(save.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className="number-fields">
        {fields.map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            inputMode="numeric"
            placeholder="the server’s default"
            value={draft[name] ?? textOf(known, name)}
            error={isWhole(draft[name] ?? '') ? errors[name] : 'Enter a whole number.'}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setDraft((before) => ({ ...before, [name]: value }));
            }}
          />
        ))}
      </div>
      {rest && <ProblemNote error={rest} />}
      <div className="row wrap">
        <span className="quiet small">An empty field uses the server’s default.</span>
        <Button
          className="push"
          type="submit"
          loading={save.isPending}
          disabled={changed.length === 0 || !changed.every(([name]) => isWhole(draft[name] ?? ''))}
        >
          Save {part}
        </Button>
      </div>
    </form>
  );
}

function textOf(known: Map<string, number>, name: string): string {
  return String(known.get(name) ?? '');
}

/** Null where the field is empty. */
function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

function isWhole(text: string): boolean {
  return /^\s*\d*\s*$/.test(text);
}
