import { Button } from '@mantine/core';
import { BookOpen, Plus } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { EmptyState } from '../parts/empty-state.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SearchField } from '../parts/search-field.js';
import { Skeleton } from '../parts/skeleton.js';
import { hasRole, useSession } from '../session/session.js';
import { Untrusted } from '../text/untrusted.js';
import type { EventType } from './event-types.js';

const TypeEditor = lazyPart(() => import('./type-editor.js'));

/** The event types that all spaces share: those defined for the instance, and the built-in ones. */
export default function InstanceTypesPage() {
  const [filter, change] = useFilters(['q', 'show'] as const);
  const mayChange = hasRole(useSession(), 'operator');
  const [edited, edit] = useState<EventType | 'new' | null>(null);
  const types = useQuery({
    queryKey: ['instance-types'],
    queryFn: async () => (await body(GET('/v1/event-types'))).data,
  });
  const text = (filter.q ?? '').toLowerCase();
  const own = filter.show !== 'all';
  const found = (types.data ?? []).filter(
    ({ name, description, source }) =>
      (!own || source !== undefined) && `${name}\n${description}`.toLowerCase().includes(text),
  );
  return (
    <Page
      title="Event types"
      name="Event types"
      about="What every space may publish, unless its catalogue hides it. Types from a file or code are changed there."
      actions={
        mayChange && (
          <Button leftSection={<Plus size={14} />} onClick={() => edit('new')}>
            New event type…
          </Button>
        )
      }
    >
      <div className="filters" role="search">
        <SearchField
          label="Search event types"
          placeholder="Search name or description"
          value={filter.q}
          change={(q) => change({ q })}
        />
        <Button variant="default" onClick={() => change({ show: own ? 'all' : null })}>
          {own ? 'Show built-in ones, too' : 'Hide built-in ones'}
        </Button>
      </div>
      {types.error && <ProblemNote error={types.error} retry={() => void types.refetch()} />}
      {types.isPending && <Skeleton kind="rows" />}
      {types.data && found.length === 0 && (
        <EmptyState icon={<BookOpen size={18} />} title="No event type">
          {text === '' ? 'No event type is defined for all spaces yet.' : 'Search for a part of the name.'}
        </EmptyState>
      )}
      {found.length > 0 && (
        <ul className="records panel" aria-label="Event types">
          {found.map((type) => (
            <Line key={type.name} type={type} mayChange={mayChange} edit={() => edit(type)} />
          ))}
        </ul>
      )}
      {edited !== null && (
        <TypeEditor
          of="instance"
          mayChange={mayChange}
          type={edited === 'new' ? null : edited}
          close={() => edit(null)}
        />
      )}
    </Page>
  );
}

function Line({ type, mayChange, edit }: { type: EventType; mayChange: boolean; edit: () => void }) {
  const { name, description, family, source, deprecated, feature, versions } = type;
  const words = source === 'api' && mayChange ? 'Edit…' : 'Open…';
  const tags = [
    source === undefined ? 'built-in' : source === 'api' ? '' : `from ${source}`,
    deprecated ? 'deprecated' : '',
    feature === undefined ? '' : `feature ${feature}`,
    versions === undefined ? '' : `${Object.keys(versions).length + 1} versions`,
  ].filter(Boolean);
  return (
    <li className="row wrap">
      <div className="grow">
        <strong className="mono break">
          <Untrusted>{name}</Untrusted>
        </strong>
        {tags.map((tag) => (
          <span key={tag} className="tag">
            <Untrusted>{tag}</Untrusted>
          </span>
        ))}
        <div className="quiet break">
          <Untrusted>{`${family}: ${description}`}</Untrusted>
        </div>
      </div>
      <Button size="compact-xs" variant="default" aria-label={`${words} ${name}`} onClick={edit}>
        {words}
      </Button>
    </li>
  );
}
