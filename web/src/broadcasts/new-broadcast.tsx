import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { objectOf } from '../parts/json-field.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';

interface Draft {
  type: string;
  data: string;
  id: string;
  tag: string;
}

const EMPTY: Draft = { type: '', data: '{}', id: '', tag: '' };
const FIELDS = { type: 'event.type', data: 'event.data', id: 'event.id', tag: 'tag' };

/** Asks what to publish, says in how many spaces, and publishes it. */
export default function NewBroadcast({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    count.reset();
    publish.reset();
  };
  const send = (dryRun: boolean) => body(POST('/v1/broadcasts', { body: inputOf(draft, dryRun) }));
  const count = useMutation({ mutationFn: () => send(true) });
  const publish = useMutation({
    mutationFn: () => send(false),
    onSuccess: async () => {
      tell('The broadcast has started.');
      await queries.invalidateQueries({ queryKey: ['broadcasts'] });
      close();
    },
  });
  const data = objectOf(draft.data);
  const errors = fieldErrors(publish.error ?? count.error, FIELDS);
  useFocusOnError(publish.error ?? count.error);
  const spaces = count.data && 'spaces' in count.data ? count.data.spaces : null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (spaces === null) count.mutate();
    else publish.mutate();
  };
  return (
    <Modal opened onClose={close} title="New broadcast" size={560}>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Event type"
          value={draft.type}
          error={errors.fields.type}
          onChange={(event) => change({ type: event.currentTarget.value.trim() })}
          data-autofocus
          required
        />
        <Textarea
          label="Data"
          description="A JSON object."
          className="code-field"
          autosize
          minRows={4}
          maxRows={14}
          value={draft.data}
          error={errors.fields.data ?? data.problem}
          onChange={(event) => change({ data: event.currentTarget.value })}
        />
        <TextInput
          label="Your id of the event"
          description="The same id again makes no second broadcast. Optional."
          value={draft.id}
          error={errors.fields.id}
          onChange={(event) => change({ id: event.currentTarget.value })}
        />
        <TextInput
          label="Only spaces with the tag"
          description="Empty: all spaces."
          value={draft.tag}
          error={errors.fields.tag}
          onChange={(event) => change({ tag: event.currentTarget.value.trim() })}
        />
        {errors.rest && <ProblemNote error={errors.rest} />}
        <div className="row wrap">
          <span className="quiet" role="status">
            {spaces !== null &&
              (spaces === 1 ? 'One space gets it.' : `${spaces.toLocaleString()} spaces get it.`)}
          </span>
          <Button
            className="push"
            type="submit"
            loading={count.isPending || publish.isPending}
            disabled={draft.type === '' || data.value === null || spaces === 0}
          >
            {spaces === null ? 'Count spaces' : 'Publish'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function inputOf({ type, data, id, tag }: Draft, dryRun: boolean): Schemas['BroadcastInput'] {
  return {
    event: { type, data: objectOf(data).value ?? {}, ...(id !== '' && { id }) },
    ...(tag !== '' && { tag }),
    dryRun,
  };
}
