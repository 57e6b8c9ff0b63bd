import {
  useDeleteEndpoint,
  useEndpoint,
  usePauseEndpoint,
  useResumeEndpoint,
  type Endpoint,
} from '@posthorn/react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Untrusted } from '../text/untrusted.js';
import { DeliveriesPanel } from './deliveries-panel.js';
import { useWords } from './language.js';
import { Ask, ErrorNote, Facts, Loading, Panel, Time } from './parts.js';
import { useRights } from './rights.js';
import { SecretPanel } from './secret-panel.js';
import { EndpointBadge, HealthNote } from './status.js';
import { TestPanel } from './test-panel.js';

const FRESH_MS = 10_000;

export function EndpointPage({ id }: { id: string }) {
  const words = useWords();
  const { data, error, refetch } = useEndpoint(id, { refetchInterval: FRESH_MS });
  const rights = useRights();
  return (
    <>
      <Link href="/endpoints" className="back">
        {words.text('endpoint.back')}
      </Link>
      {error && <ErrorNote error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <div className="page-head">
            <h1 className="mono break">
              <Untrusted>{data.url}</Untrusted>
            </h1>
            {rights.edit && <Tools endpoint={data} />}
          </div>
          <HealthNote endpoint={data} />
          <Panel title={words.text('endpoint.details')}>
            <Facts of={factsOf(words, data)} />
          </Panel>
          {rights.secrets && <SecretPanel endpoint={data.id} />}
          {rights.test && <TestPanel endpoint={data} />}
          <DeliveriesPanel endpoint={data.id} />
        </>
      )}
    </>
  );
}

function factsOf(words: ReturnType<typeof useWords>, endpoint: Endpoint): [string, React.ReactNode][] {
  const { description, events, createdAt } = endpoint;
  return [
    [words.text('endpoint.status'), <EndpointBadge key="s" endpoint={endpoint} />],
    [
      words.text('endpoint.description'),
      description === null ? words.text('none') : <Untrusted key="d">{description}</Untrusted>,
    ],
    [
      words.text('endpoint.events'),
      events.includes('*') ? words.text('endpoints.allTypes') : <Names key="e" of={events} />,
    ],
    [words.text('endpoint.created'), <Time key="c" at={createdAt} />],
  ];
}

function Names({ of }: { of: string[] }) {
  return (
    <ul className="names">
      {of.map((name) => (
        <li key={name} className="mono break">
          <Untrusted>{name}</Untrusted>
        </li>
      ))}
    </ul>
  );
}

function Tools({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords();
  const [, navigate] = useLocation();
  const [asks, setAsks] = useState(false);
  const pause = usePauseEndpoint();
  const resume = useResumeEndpoint();
  const remove = useDeleteEndpoint();
  const error = pause.error ?? resume.error ?? remove.error;
  const isPaused = endpoint.status === 'paused';
  const isBusy = pause.isPending || resume.isPending || remove.isPending;
  return (
    <>
      <div className="row wrap tools">
        <Link href={`/endpoints/${endpoint.id}/edit`} className="button">
          {words.text('endpoint.edit')}
        </Link>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => (isPaused ? resume.mutate({ endpoint: endpoint.id }) : pause.mutate(endpoint.id))}
        >
          {words.text(isPaused ? 'endpoint.resume' : 'endpoint.pause')}
        </button>
        <button type="button" aria-expanded={asks} onClick={() => setAsks(true)}>
          {words.text('endpoint.delete')}
        </button>
      </div>
      {asks && (
        <Ask
          question={words.text('endpoint.deleteAsk')}
          yes={words.text('endpoint.deleteYes')}
          isBusy={remove.isPending}
          onYes={() => remove.mutate(endpoint.id, { onSuccess: () => navigate('/endpoints') })}
          onNo={() => setAsks(false)}
        />
      )}
      {error && <ErrorNote error={error} />}
    </>
  );
}
