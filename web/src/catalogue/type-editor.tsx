import { Button, Checkbox, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { ApiError } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { objectOf } from '../parts/json-field.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import type { EventType } from './event-types.js';
import { Json, Line } from './type-fields.js';
import { draftOf, TYPE_FIELDS, wireOf, type TypeDraft } from './type-draft.js';
import { useTypeCalls, type TypeInput } from './type-calls.js';

interface Props {
  /** Whose type it is: of this space, or of all spaces. */
  of: 'space' | 'instance';
  /** Null: a new one. */
  type: EventType | null;
  /** Whether its reader may change it, wherever it comes from. */
  mayChange?: boolean;
  close: () => void;
}

const VALIDATION = [
  { value: '', label: 'as the space says' },
  { value: 'off', label: 'it is not compared' },
  { value: 'warn', label: 'the answer warns' },
  { value: 'enforce', label: 'it is refused' },
];

/** Defines an event type, or changes it. Its versions and further examples stay as they are. */
export default function TypeEditor({ of, type, mayChange = true, close }: Props) {
  const [draft, setDraft] = useState(draftOf(type));
  const change = (part: Partial<TypeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const [force, setForce] = useState(false);
  const { save, remove } = useSaving(of, close);
  const errors = fieldErrors(save.error ?? remove.error, TYPE_FIELDS);
  useFocusOnError(save.error);
  const [schema, example] = [objectOf(draft.schema), objectOf(draft.example)];
  const isOwn = mayChange && (type === null || (of === 'space' ? type.custom : type.source === 'api'));
  const breaks = save.error instanceof ApiError && save.error.code === 'incompatible_change';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate({ name: draft.name, input: wireOf(draft, type), force, isNew: type === null });
  };
  const fieldsOf = { draft, change, errors: errors.fields, isOwn };
  return (
    <Modal opened onClose={close} title={type === null ? 'New event type' : 'Event type'} size={640}>
      <form className="stack" onSubmit={submit}>
        <Line
          {...fieldsOf}
          name="name"
          label="Name"
          about="The name that publishers send as “type”, such as invoice.paid."
          readOnly={type !== null}
          required
        />
        <Line
          {...fieldsOf}
          name="description"
          label="Description"
          about="What the event means, in a sentence."
        />
        <Line {...fieldsOf} name="family" label="Family" about="The group it is shown in." />
        <Json
          {...fieldsOf}
          name="schema"
          label="JSON Schema"
          problem={schema.problem}
          about="Draft 2020-12. {} takes any object."
        />
        <Json
          {...fieldsOf}
          name="example"
          label="Example"
          problem={example.problem}
          about="A complete data object. Test deliveries send it."
        />
        <Select
          label="Data that does not match the schema"
          data={VALIDATION}
          value={draft.validation}
          disabled={!isOwn}
          onChange={(value) => change({ validation: (value ?? '') as TypeDraft['validation'] })}
        />
        <Checkbox
          size="xs"
          label="Deprecated: publishers should stop using it"
          checked={draft.deprecated}
          disabled={!isOwn}
          onChange={(event) => change({ deprecated: event.currentTarget.checked })}
        />
        {draft.deprecated && <Line {...fieldsOf} name="replacedBy" label="Replaced by" />}
        {errors.rest && <ProblemNote error={errors.rest} />}
        {breaks && (
          <Checkbox
            size="xs"
            label="Change it all the same: publishers or receivers may break"
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        )}
        {isOwn ? (
          <div className="row">
            {type !== null && (
              <Button
                variant="light"
                color="red"
                loading={remove.isPending}
                onClick={() => remove.mutate(draft.name)}
              >
                Remove
              </Button>
            )}
            <Button
              className="push"
              type="submit"
              loading={save.isPending}
              disabled={draft.name.trim() === '' || schema.value === null || example.value === null}
            >
              Save
            </Button>
          </div>
        ) : (
          mayChange && <p className="quiet flat">It is defined elsewhere, so it cannot be changed here.</p>
        )}
      </form>
    </Modal>
  );
}

interface Saved {
  name: string;
  input: TypeInput;
  force: boolean;
  isNew: boolean;
}

function taken(name: string): ApiError {
  const message = `There is an event type ${name} already. Edit that one, or choose another name.`;
  return new ApiError(409, 'name_taken', message, [{ path: 'name', message }]);
}

function useSaving(of: Props['of'], close: () => void) {
  const queries = useQueryClient();
  const calls = useTypeCalls(of);
  const finish = async (words: string) => {
    tell(words);
    await Promise.all(
      ['instance-types', 'event-types', 'profile-types'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    );
    close();
  };
  const save = useMutation({
    mutationFn: async ({ name, input, force, isNew }: Saved) => {
      // A PUT would replace it, with its versions.
      const known = isNew ? await calls.find(name) : null;
      if (known && (of === 'space' ? known.custom : known.source !== undefined)) throw taken(name);
      return calls.put(name, input, force);
    },
    onSuccess: () => finish('The event type is saved.'),
  });
  const remove = useMutation({
    mutationFn: calls.remove,
    onSuccess: () => finish('The event type is removed.'),
  });
  return { save, remove };
}
