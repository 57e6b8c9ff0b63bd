import { useEventTypes, type EventType } from '@posthorn/react';
import { useState } from 'react';
import { Untrusted, visible } from '../text/untrusted.js';
import { Body } from './attempt-panel.js';
import { useWords } from './language.js';
import { ErrorNote, Loading } from './parts.js';

/** What can be subscribed. */
export function TypesPage() {
  const words = useWords();
  const { data, error, refetch } = useEventTypes();
  const [q, setQ] = useState('');
  const wanted = q.trim().toLowerCase();
  const shown = data?.filter(({ name, family, description }) =>
    `${name} ${family} ${description}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="page-head">
        <h1>{words.text('types.title')}</h1>
        <p className="quiet">{words.text('types.about')}</p>
      </div>
      <input
        type="search"
        className="search"
        aria-label={words.text('types.search')}
        placeholder={words.text('types.search')}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
      />
      {error && <ErrorNote error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {shown?.length === 0 && (
        <p className="quiet">{words.text(wanted === '' ? 'types.empty' : 'types.nothingFound')}</p>
      )}
      <ul className="plain">
        {shown?.map((type) => (
          <li key={type.name}>
            <Type type={type} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Type({ type: { name, description, example, deprecated, replacedBy } }: { type: EventType }) {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="panel type" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="mono break">
          <Untrusted>{name}</Untrusted>
        </span>
        {deprecated && <span className="tag">{words.text('types.deprecated')}</span>}
        <span className="quiet break type-about">
          <Untrusted>{description}</Untrusted>
        </span>
      </summary>
      {isOpen && (
        <>
          {replacedBy && <p>{words.text('types.replacedBy', { type: visible(replacedBy) })}</p>}
          <Body text={JSON.stringify(example)} label={`${words.text('types.example')}: ${visible(name)}`} />
        </>
      )}
    </details>
  );
}
