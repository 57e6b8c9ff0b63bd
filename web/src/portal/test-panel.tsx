import { useEventTypes, useTestEndpoint, type Endpoint } from '@posthorn/react';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { visible } from '../text/untrusted.js';
import { useWords } from './language.js';
import { ErrorNote, Panel } from './parts.js';

/** Sends an example to the endpoint, and opens what became of it. */
export function TestPanel({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords();
  const field = useId();
  const [, navigate] = useLocation();
  const types = useEventTypes();
  const [type, setType] = useState('');
  const test = useTestEndpoint();
  const wanted = (types.data ?? []).filter(({ name }) => wants(endpoint.events, name));
  const send = () =>
    test.mutate(
      { endpoint: endpoint.id, ...(type !== '' && { type }) },
      { onSuccess: ({ id }) => navigate(`/deliveries/${id}`) },
    );
  return (
    <Panel title={words.text('test.title')}>
      <p className="quiet">{words.text('test.about')}</p>
      <div className="row wrap">
        <label htmlFor={field}>{words.text('test.type')}</label>
        <select id={field} value={type} onChange={(event) => setType(event.currentTarget.value)}>
          <option value="">{words.text('test.first')}</option>
          {wanted.map(({ name }) => (
            <option key={name} value={name}>
              {visible(name)}
            </option>
          ))}
        </select>
        <button type="button" disabled={test.isPending} onClick={send}>
          {words.text('test.send')}
        </button>
      </div>
      {test.error && <ErrorNote error={test.error} />}
    </Panel>
  );
}

/** Whether one of these names or patterns (`lead.*`, `*`) is of this type. */
function wants(events: string[], name: string): boolean {
  return events.some(
    (event) => event === name || (event.endsWith('*') && name.startsWith(event.slice(0, -1))),
  );
}
