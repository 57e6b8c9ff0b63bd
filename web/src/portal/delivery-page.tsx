import { useDelivery, useRetryDelivery, type DeliveryDetail } from '@posthorn/react';
import { useState } from 'react';
import { Link } from 'wouter';
import { Untrusted } from '../text/untrusted.js';
import { AttemptPanel } from './attempt-panel.js';
import { useWords, type Words } from './language.js';
import { Ask, ErrorNote, Facts, Loading, Panel, Time } from './parts.js';
import { useRights } from './rights.js';
import { DeliveryBadge } from './status.js';

const FRESH_MS = 2_000;

export function DeliveryPage({ id }: { id: string }) {
  const words = useWords();
  const { data, error, refetch } = useDelivery(id, { refetchInterval: FRESH_MS });
  const { retry } = useRights();
  if (!data) return error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Loading />;
  return (
    <>
      <Link href={`/endpoints/${data.subscriptionId}`} className="back">
        {words.text('delivery.back')}
      </Link>
      <div className="page-head">
        <h1>
          {words.text('delivery.title')}{' '}
          <span className="mono break">
            <Untrusted>{data.eventType}</Untrusted>
          </span>
        </h1>
        {retry && <Retry delivery={data} />}
      </div>
      {error && <ErrorNote error={error} />}
      <Panel title={words.text('endpoint.details')}>
        <Facts of={factsOf(words, data)} />
      </Panel>
      <Attempts delivery={data} />
    </>
  );
}

function factsOf(words: Words, delivery: DeliveryDetail): [string, React.ReactNode][] {
  const { eventId, createdAt, finishedAt, nextAttemptAt, trigger } = delivery;
  const time = (at: string | null) => (at === null ? words.text('none') : <Time key={at} at={at} />);
  return [
    [words.text('endpoint.status'), <DeliveryBadge key="s" delivery={delivery} />],
    [
      words.text('delivery.event'),
      <span key="e" className="mono break">
        <Untrusted>{eventId}</Untrusted>
      </span>,
    ],
    [words.text('delivery.trigger'), words.text(`delivery.trigger.${trigger}`)],
    [words.text('delivery.created'), time(createdAt)],
    finishedAt === null
      ? [words.text('delivery.next'), time(nextAttemptAt)]
      : [words.text('delivery.finished'), time(finishedAt)],
  ];
}

function Retry({ delivery: { id, status } }: { delivery: DeliveryDetail }) {
  const words = useWords();
  const [asks, setAsks] = useState(false);
  const retry = useRetryDelivery();
  const send = () => retry.mutate(id, { onSuccess: () => setAsks(false) });
  return (
    <>
      <div className="row tools">
        <button
          type="button"
          disabled={retry.isPending}
          onClick={() => (status === 'succeeded' ? setAsks(true) : send())}
        >
          {words.text('delivery.retry')}
        </button>
        <span role="status" className="quiet small">
          {retry.isSuccess && words.text('delivery.retried')}
        </span>
      </div>
      {asks && (
        <Ask
          question={words.text('delivery.retryAsk')}
          yes={words.text('delivery.retryYes')}
          isBusy={retry.isPending}
          onYes={send}
          onNo={() => setAsks(false)}
        />
      )}
      {retry.error && <ErrorNote error={retry.error} />}
    </>
  );
}

/** The attempts, and the one that is chosen: the last one unless told. */
function Attempts({ delivery: { id, attempts } }: { delivery: DeliveryDetail }) {
  const words = useWords();
  const [chosen, choose] = useState<number | null>(null);
  const shown = chosen ?? attempts.at(-1)?.n ?? null;
  return (
    <Panel title={words.text('attempts.title')}>
      {attempts.length === 0 && <p className="quiet">{words.text('attempts.empty')}</p>}
      <ul className="rows">
        {attempts.map(({ n, startedAt, statusCode, errorCode, timings }) => (
          <li key={n}>
            <button
              type="button"
              className="row-link"
              aria-current={n === shown ? 'true' : undefined}
              onClick={() => choose(n)}
            >
              <span className="row-main">
                <span>{words.text('attempt.title', { n: words.number(n) })}</span>
                <span className="quiet small">
                  <Time at={startedAt} />
                </span>
              </span>
              <span className="row-side">
                <span className={errorCode === null ? 'mono ink-good' : 'mono ink-bad'}>
                  {statusCode ?? words.text('attempt.noAnswer')}
                </span>
                <span className="quiet small">{timings.total !== null && words.duration(timings.total)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && <AttemptPanel delivery={id} n={shown} />}
    </Panel>
  );
}
