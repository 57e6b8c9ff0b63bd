import { Button, SegmentedControl } from '@mantine/core';
import { SelectFilter } from '../parts/select.js';
import { FlaskConical, Pencil, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useFilters } from '../navigation/hash-location.js';
import { PROFILES } from './profiles.js';
import { BodyView } from '../parts/body-view.js';
import { lazyPart } from '../parts/lazy-part.js';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SearchField } from '../parts/search-field.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { Untrusted, visible } from '../text/untrusted.js';
import { byFamily, useEventTypes, useProfileTypes, type EventType } from './event-types.js';
import { TypeFacts } from './type-facts.js';
import './catalogue.css';

const TypeEditor = lazyPart(() => import('./type-editor.js'));

/** Every event there can be: this space's, or those of any profile. */
export default function CataloguePage() {
  const { type: chosen } = useParams<{ type?: string }>();
  const [filter, change] = useFilters(['q', 'profile', 'show'] as const);
  const own = useEventTypes();
  const { manage } = usePermissions();
  const [making, setMaking] = useState(false);
  const other = useProfileTypes(filter.profile ?? null);
  const types = filter.profile === undefined ? own : other;
  const text = (filter.q ?? '').toLowerCase();
  const found = (types.data ?? []).filter(({ name, description, family }) =>
    `${name}\n${description}\n${family}`.toLowerCase().includes(text),
  );
  const wanted = chosen === undefined ? undefined : decodeURIComponent(chosen);
  const shown = types.data?.find(({ name }) => name === wanted) ?? found[0];
  return (
    <Page
      title="Catalogue"
      name="Catalogue"
      actions={
        manage && (
          <Button leftSection={<Plus size={14} />} onClick={() => setMaking(true)}>
            New event type…
          </Button>
        )
      }
    >
      <div className="filters" role="search">
        <SearchField
          label="Search the catalogue"
          placeholder="Search events"
          value={filter.q}
          change={(q) => change({ q })}
        />
        <SelectFilter
          label="Profile"
          placeholder="This space’s"
          data={PROFILES}
          value={filter.profile}
          change={(profile) => change({ profile })}
        />
      </div>
      {types.error && <ProblemNote error={types.error} retry={() => void types.refetch()} />}
      {types.isPending && <Loading />}
      {types.data && found.length === 0 && (
        <EmptyState
          icon={<Search size={18} />}
          title={types.data.length === 0 ? 'No event types' : 'No matching events'}
        >
          {types.data.length === 0
            ? 'This profile has no event types.'
            : 'Search for part of the name, the family or the description.'}
        </EmptyState>
      )}
      {found.length > 0 && (
        <div className="catalogue">
          <TypeList types={found} shown={shown} />
          {shown && (
            <TypeDetail
              type={shown}
              show={filter.show}
              change={change}
              canTest={filter.profile === undefined}
            />
          )}
        </div>
      )}
      {making && <TypeEditor of="space" type={null} close={() => setMaking(false)} />}
    </Page>
  );
}

function TypeList({ types, shown }: { types: EventType[]; shown: EventType | undefined }) {
  const link = useSpaceLink();
  const [filter] = useFilters(['q', 'profile'] as const);
  const search = new URLSearchParams(filter).toString();
  return (
    <nav className="panel type-list" aria-label="Event types">
      {byFamily(types).map(([family, members]) => (
        <div key={family}>
          <h2 className="small quiet">
            <Untrusted>{family}</Untrusted>
          </h2>
          {members.map(({ name, custom, deprecated }) => (
            <Link
              key={name}
              data-row
              className="mono"
              href={link(`catalogue/${encodeURIComponent(name)}${search && `?${search}`}`)}
              aria-current={name === shown?.name ? 'true' : undefined}
            >
              <Untrusted>{name}</Untrusted>
              {custom && <span className="tag">yours</span>}
              {deprecated && <span className="tag">deprecated</span>}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

interface DetailProps {
  type: EventType;
  show: string | undefined;
  change: (changes: { show: string | null }) => void;
  canTest: boolean;
}

function TypeDetail({ type, show, change, canTest }: DetailProps) {
  const link = useSpaceLink();
  const { manage } = usePermissions();
  const [editing, setEditing] = useState(false);
  const isSchema = show === 'schema';
  return (
    <Panel
      title={
        <span className="mono">
          <Untrusted>{type.name}</Untrusted>
        </span>
      }
      actions={
        canTest &&
        manage && (
          <>
            {type.custom && (
              <Button variant="default" leftSection={<Pencil size={13} />} onClick={() => setEditing(true)}>
                Edit…
              </Button>
            )}
            <Button
              component={Link}
              variant="default"
              leftSection={<FlaskConical size={13} />}
              href={link(`bench?type=${encodeURIComponent(type.name)}`)}
            >
              Try it
            </Button>
          </>
        )
      }
    >
      <div className="stack">
        <p className="flat">
          <Untrusted>{type.description}</Untrusted>
        </p>
        <TypeFacts type={type} />
        <SegmentedControl
          size="xs"
          className="fit"
          aria-label={`View of ${visible(type.name)}`}
          data={[
            { value: 'example', label: 'Example' },
            { value: 'schema', label: 'JSON Schema' },
          ]}
          value={isSchema ? 'schema' : 'example'}
          onChange={(value) => change({ show: value === 'schema' ? value : null })}
        />
        <BodyView
          text={JSON.stringify(isSchema ? type.schema : type.example)}
          name={`${type.name}-${show ?? 'example'}`}
        />
      </div>
      {editing && <TypeEditor of="space" type={type} close={() => setEditing(false)} />}
    </Panel>
  );
}
