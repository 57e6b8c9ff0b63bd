import { useCreateEndpoint, useEndpoint, useUpdateEndpoint, type Endpoint } from '@posthorn/react';
import { useId, useState, type ReactNode, type SubmitEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { useWords } from './language.js';
import { keepNewSecret } from './new-secrets.js';
import { ErrorNote, Loading } from './parts.js';
import { fieldProblem } from './problem.js';
import { TypePicker } from './type-picker.js';

/** Makes an endpoint, or changes one. */
export function EndpointForm({ endpoint }: { endpoint: string | null }) {
  if (endpoint === null) return <Form before={null} />;
  return <EditForm endpoint={endpoint} />;
}

function EditForm({ endpoint }: { endpoint: string }) {
  const { data, error, refetch } = useEndpoint(endpoint);
  if (data) return <Form before={data} />;
  return error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Loading />;
}

function Form({ before }: { before: Endpoint | null }) {
  const words = useWords();
  const [, navigate] = useLocation();
  const [url, setUrl] = useState(before?.url ?? '');
  const [description, setDescription] = useState(before?.description ?? '');
  const [events, setEvents] = useState(before?.events ?? ['*']);
  const [missing, setMissing] = useState<'url' | 'events' | null>(null);
  const { save, error, isPending } = useSave(before, (id) => navigate(`/endpoints/${id}`));
  const problem = (field: 'url' | 'description' | 'events') => {
    if (field === missing) return words.text(`field.${missing}.required`);
    return fieldProblem(words, error, field);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const lacks = url.trim() === '' ? 'url' : events.length === 0 ? 'events' : null;
    setMissing(lacks);
    if (lacks === 'url') document.getElementById('url')?.focus();
    if (lacks === null) save({ url: url.trim(), description: description.trim() || null, events });
  };
  return (
    <form onSubmit={submit} noValidate>
      <h1>{words.text(before ? 'form.editTitle' : 'form.newTitle')}</h1>
      <Field
        id="url"
        label={words.text('form.url')}
        help={words.text('form.urlHelp')}
        problem={problem('url')}
      >
        {(props) => (
          <input
            {...props}
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            value={url}
            placeholder="https://example.com/webhooks"
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        id="description"
        label={words.text('form.description')}
        help={words.text('form.descriptionHelp')}
        problem={problem('description')}
      >
        {(props) => (
          <input
            {...props}
            type="text"
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        )}
      </Field>
      <TypePicker events={events} onChange={setEvents} problem={problem('events')} />
      {error && <ErrorNote error={error} />}
      <div className="row form-end">
        <button type="submit" className="primary" disabled={isPending}>
          {words.text(before ? 'save' : 'form.create')}
        </button>
        <Link href={before ? `/endpoints/${before.id}` : '/endpoints'} className="button">
          {words.text('cancel')}
        </Link>
      </div>
    </form>
  );
}

interface Draft {
  url: string;
  description: string | null;
  events: string[];
}

/** Only what was changed here: somebody else may have changed the rest meanwhile. */
function changesOf(before: Endpoint, { url, description, events }: Draft): Partial<Draft> {
  return {
    ...(url !== before.url && { url }),
    ...(description !== (before.description?.trim() || null) && { description }),
    ...(JSON.stringify(events) !== JSON.stringify(before.events) && { events }),
  };
}

function useSave(before: Endpoint | null, after: (id: string) => void) {
  const create = useCreateEndpoint();
  const update = useUpdateEndpoint();
  // As the form was filled from it: it is asked for again while one writes.
  const [first] = useState(before);
  const save = (draft: Draft) => {
    if (first) {
      const changes = changesOf(first, draft);
      update.mutate({ endpoint: first.id, changes }, { onSuccess: ({ id }) => after(id) });
      return;
    }
    create.mutate(draft, {
      onSuccess: ({ id, secret }) => {
        keepNewSecret(id, secret);
        after(id);
      },
    });
  };
  return { save, error: create.error ?? update.error, isPending: create.isPending || update.isPending };
}

interface FieldProps {
  id: string;
  label: string;
  help: string;
  problem: string | null;
  children: (props: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

function Field({ id, label, help, problem, children }: FieldProps) {
  const about = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': about, 'aria-invalid': problem !== null })}
      <p id={about} className={problem === null ? 'quiet small' : 'ink-bad small'}>
        {problem ?? help}
      </p>
    </div>
  );
}
