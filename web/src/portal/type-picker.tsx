import { useEventTypes } from '@posthorn/react';
import { useState } from 'react';
import { Untrusted, visible } from '../text/untrusted.js';
import { useWords } from './language.js';
import { ErrorNote } from './parts.js';

interface Props {
  events: string[];
  onChange: (events: string[]) => void;
  problem: string | null;
}

/** All event types, or some of them. Patterns that an endpoint has already can be kept or taken away. */
export function TypePicker({ events, onChange, problem }: Props) {
  const words = useWords();
  const isAll = events.includes('*');
  // Who looks at the other choice does not lose what they have chosen.
  const [some, setSome] = useState<string[]>([]);
  const chooseAll = () => {
    setSome(events);
    onChange(['*']);
  };
  return (
    <fieldset className="field">
      <legend>{words.text('form.events')}</legend>
      <label className="choice">
        <input type="radio" name="events" checked={isAll} onChange={chooseAll} />
        {words.text('form.all')}
      </label>
      <label className="choice">
        <input type="radio" name="events" checked={!isAll} onChange={() => onChange(some)} />
        {words.text('form.some')}
      </label>
      {!isAll && <Some events={events} onChange={onChange} />}
      {problem !== null && (
        <p className="ink-bad small" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function Some({ events, onChange }: Omit<Props, 'problem'>) {
  const words = useWords();
  const types = useEventTypes();
  const [q, setQ] = useState('');
  const [patterns] = useState(events);
  if (types.error) return <ErrorNote error={types.error} retry={() => void types.refetch()} />;
  const known = (types.data ?? []).filter(({ deprecated, name }) => !deprecated || events.includes(name));
  const names = new Set(known.map(({ name }) => name));
  const others = patterns.filter((pattern) => !names.has(pattern)).map((name) => ({ name, description: '' }));
  const wanted = q.trim().toLowerCase();
  const shown = [...others, ...known].filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(wanted),
  );
  const toggle = (name: string) =>
    onChange(events.includes(name) ? events.filter((one) => one !== name) : [...events, name]);
  return (
    <div className="types">
      <div className="row">
        <input
          type="search"
          aria-label={words.text('form.filterTypes')}
          placeholder={words.text('form.filterTypes')}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
        <span className="quiet small nowrap" role="status">
          {words.count('form.chosen', events.length)}
        </span>
      </div>
      <ul className="type-list">
        {shown.map(({ name, description }) => (
          <li key={name}>
            <label className="choice">
              <input
                type="checkbox"
                aria-label={visible(name)}
                checked={events.includes(name)}
                onChange={() => toggle(name)}
              />
              <span>
                <span className="mono break">
                  <Untrusted>{name}</Untrusted>
                </span>
                <span className="quiet small break type-about">
                  <Untrusted>{description}</Untrusted>
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {types.data && shown.length === 0 && <p className="quiet">{words.text('form.noType')}</p>}
    </div>
  );
}
