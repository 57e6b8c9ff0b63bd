import { Button, Checkbox, Modal, Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { body, GET, POST, type Schemas } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { Loading } from '../parts/loading.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { countsInWords } from './erasures.js';
import { isEmptyScope, NO_SCOPE, SCOPE_FIELDS, ScopeFields, wireScope } from './scope-fields.js';

const WORD = 'erase';

/** Counts what would go, asks for a word, and then starts the erasure. */
export default function NewErasure({ close }: { close: () => void }) {
  const space = useSpace();
  const queries = useQueryClient();
  const [scope, setScope] = useState(NO_SCOPE);
  const [all, setAll] = useState(false);
  const [mode, setMode] = useState<'content' | 'rows'>('content');
  const start = (dryRun: boolean) => {
    const { event, ...rest } = wireScope(scope);
    const which = all ? { all: true } : { ...rest, ...(event !== undefined && { events: [event] }) };
    return body(
      POST('/v1/spaces/{space}/erasures', {
        params: { path: { space } },
        body: { ...which, mode, dryRun } as Schemas['ErasureInput'],
      }),
    );
  };
  const count = useMutation({ mutationFn: () => start(true) });
  const erase = useMutation({
    mutationFn: () => start(false),
    onSuccess: async () => {
      tell('The erasure has started. Its record shows the progress.');
      await queries.invalidateQueries({ queryKey: ['erasures'] });
      close();
    },
  });
  const changed = () => {
    count.reset();
    erase.reset();
  };
  const errors = fieldErrors(count.error ?? erase.error, { ...SCOPE_FIELDS, event: 'events' });
  useFocusOnError(count.error ?? erase.error);
  return (
    <Modal opened onClose={close} title="Erase event data" size={540}>
      <div className="stack">
        <ScopeFields
          scope={scope}
          disabled={all}
          errors={errors.fields}
          change={(next) => {
            setScope(next);
            changed();
          }}
        />
        <Checkbox
          size="xs"
          label="Everything in this space"
          checked={all}
          onChange={(event) => {
            setAll(event.currentTarget.checked);
            changed();
          }}
        />
        <Radio.Group
          label="What goes"
          value={mode}
          onChange={(value) => {
            setMode(value === 'rows' ? 'rows' : 'content');
            changed();
          }}
        >
          <div className="stack stack-tight radios">
            <Radio
              size="xs"
              value="content"
              label="The contents"
              description="Removes data, bodies, headers and personal identifiers. Ids, times and status codes stay."
            />
            <Radio
              size="xs"
              value="rows"
              label="Whole records"
              description="Removes the events with their deliveries and attempts."
            />
          </div>
        </Radio.Group>
        {errors.rest && <ProblemNote error={errors.rest} />}
        {count.data ? (
          <Confirm erasure={count.data.id} busy={erase.isPending} run={() => erase.mutate()} />
        ) : (
          <div className="row">
            <Button
              className="push"
              loading={count.isPending}
              disabled={!all && isEmptyScope(scope)}
              onClick={() => count.mutate()}
            >
              Count what will be erased
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}

function Confirm({ erasure, busy, run }: { erasure: string; busy: boolean; run: () => void }) {
  const space = useSpace();
  const [word, setWord] = useState('');
  const counted = useQuery({
    queryKey: ['erasure', space, erasure],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/erasures/{erasure}', { params: { path: { space, erasure } } })),
    refetchInterval: ({ state }) => ((state.data?.finishedAt ?? null) === null ? 500 : false),
  });
  if (counted.error) return <ProblemNote error={counted.error} retry={() => void counted.refetch()} />;
  if (!counted.data || counted.data.finishedAt === null) return <Loading label="Counting" />;
  return (
    <div className="stack" role="status">
      <div className="note note-bad">
        <div>
          <strong>This will erase {countsInWords(counted.data.counts)}.</strong> Waiting deliveries are
          cancelled. This cannot be undone, not even with a replay.
        </div>
      </div>
      <div className="row wrap form-line">
        <TextInput
          label={`Type “${WORD}” to confirm`}
          value={word}
          autoComplete="off"
          onChange={(event) => setWord(event.currentTarget.value)}
        />
        <Button
          className="push"
          color="red"
          loading={busy}
          disabled={word.trim().toLowerCase() !== WORD}
          onClick={run}
        >
          Erase
        </Button>
      </div>
    </div>
  );
}
