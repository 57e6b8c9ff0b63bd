import { useEndpoints, type Endpoint } from '@posthorn/react';
import { useDeferredValue, useState } from 'react';
import { Link } from 'wouter';
import { Untrusted } from '../text/untrusted.js';
import { useWords } from './language.js';
import { ErrorNote, Loading, More } from './parts.js';
import { useRights } from './rights.js';
import { EndpointBadge } from './status.js';

const FRESH_MS = 15_000;
/** From here on one looks for one rather than at all. */
const MANY = 8;

export function EndpointsPage() {
  const words = useWords();
  const { edit, retry, secrets, test } = useRights();
  const [q, setQ] = useState('');
  const asked = useDeferredValue(q.trim());
  const list = useEndpoints({ q: asked, refetchInterval: FRESH_MS, limit: 30 });
  const isEmpty = !list.isPending && list.error === null && list.rows.length === 0;
  return (
    <>
      <div className="page-head">
        <h1>{words.text('endpoints.title')}</h1>
        {edit && (
          <Link href="/endpoints/new" className="button primary">
            {words.text('endpoints.new')}
          </Link>
        )}
        <p className="quiet">{words.text('endpoints.about')}</p>
      </div>
      {!edit && !retry && !secrets && !test && <p className="quiet small">{words.text('access.readOnly')}</p>}
      {(q !== '' || list.rows.length >= MANY) && (
        <input
          type="search"
          className="search"
          aria-label={words.text('endpoints.search')}
          placeholder={words.text('endpoints.search')}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
      )}
      {list.error && <ErrorNote error={list.error} retry={list.refetch} />}
      {list.isPending && !list.error && <Loading />}
      {isEmpty && (asked === '' ? <Empty edit={edit} /> : <p>{words.text('endpoints.nothingFound')}</p>)}
      {list.rows.length > 0 && (
        <ul className="rows" aria-label={words.text('endpoints.title')}>
          {list.rows.map((endpoint) => (
            <Row key={endpoint.id} endpoint={endpoint} />
          ))}
        </ul>
      )}
      <More list={list} />
    </>
  );
}

function Empty({ edit }: { edit: boolean }) {
  const words = useWords();
  return (
    <div className="empty">
      <h2>{words.text('endpoints.emptyTitle')}</h2>
      <p className="quiet">{words.text(edit ? 'endpoints.empty' : 'endpoints.emptyReadOnly')}</p>
    </div>
  );
}

function Row({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords();
  const { id, url, description, events } = endpoint;
  return (
    <li>
      <Link href={`/endpoints/${id}`} className="row-link">
        <span className="row-main">
          <span className="mono break">
            <Untrusted>{url}</Untrusted>
          </span>
          {description !== null && (
            <span className="quiet break">
              <Untrusted>{description}</Untrusted>
            </span>
          )}
        </span>
        <span className="row-side">
          <EndpointBadge endpoint={endpoint} />
          <span className="quiet small">
            {events.includes('*')
              ? words.text('endpoints.allTypes')
              : words.count('endpoints.types', events.length)}
          </span>
        </span>
      </Link>
    </li>
  );
}
