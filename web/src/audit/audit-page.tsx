import { Button } from '@mantine/core';
import { ButtonMenu } from '../parts/button-menu.js';
import { SelectFilter } from '../parts/select.js';
import { Download, ScrollText, X } from 'lucide-react';
import { body, download, GET, type Schemas } from '../api/client.js';
import { TimeFilter } from '../deliveries/time-filter.js';
import { useFilters } from '../navigation/hash-location.js';
import { useAction } from '../parts/action.js';
import { EmptyState } from '../parts/empty-state.js';
import { Page } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { TextFilter } from '../parts/text-filter.js';
import { useSpaceIfAny } from '../session/space.js';
import { AuditEntryLine } from './audit-entry.js';
import './audit.css';

type Entry = Schemas['AuditEntry'];

const FILTERS = ['action', 'actor', 'targetType', 'target', 'space', 'since', 'until'] as const;
type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

const TYPES = [
  { value: 'subscription', label: 'Subscriptions' },
  { value: 'space', label: 'Spaces' },
  { value: 'key', label: 'Keys' },
  { value: 'portal_link', label: 'Portal links' },
  { value: 'event_type', label: 'Event types' },
  { value: 'delivery', label: 'Deliveries' },
  { value: 'job', label: 'Jobs' },
  { value: 'legal_hold', label: 'Legal holds' },
  { value: 'secrets', label: 'Secrets' },
  { value: 'test_receiver', label: 'Test receivers' },
  { value: 'broadcast', label: 'Broadcasts' },
  { value: 'archive', label: 'Archive' },
  { value: 'person', label: 'People' },
  { value: 'session', label: 'Sessions' },
];
const ACTORS = [
  { value: 'admin', label: 'The admin key' },
  { value: 'key', label: 'Keys of spaces' },
  { value: 'portal_link', label: 'Portal links' },
  { value: 'person', label: 'People' },
  { value: 'application', label: 'Application code' },
];
const PAGE = 50;
const idOf = ({ id }: Entry) => id;

/** Who changed what: in one space, or in all of them. */
export default function AuditPage() {
  const space = useSpaceIfAny();
  const [filter, change] = useFilters(FILTERS);
  const entries = usePaged<Entry>({
    key: ['audit', space, filter],
    load: (cursor) => {
      const query = { ...filter, limit: PAGE, ...(cursor !== null && { cursor }) } as { limit: number };
      return space === null
        ? body(GET('/v1/audit', { params: { query } }))
        : body(GET('/v1/spaces/{space}/audit', { params: { path: { space }, query } }));
    },
    keyOf: idOf,
    refreshMs: 15_000,
  });
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page
      title={space === null ? 'Audit log of all spaces' : 'Audit log'}
      name="Audit log"
      about="Who changed what, when and from where. No entry can be changed."
      actions={<Export space={space} filter={filter} />}
    >
      <Filters filter={filter} change={change} isFiltered={isFiltered} />
      {entries.error && <ProblemNote error={entries.error} retry={entries.retry} />}
      {entries.isPending && <Skeleton kind="rows" />}
      {entries.isEmpty && (
        <EmptyState
          icon={<ScrollText size={18} />}
          title={isFiltered ? 'No matching entries' : 'No changes yet'}
        >
          {isFiltered
            ? 'Try another kind or a longer time range.'
            : 'Changes of subscriptions, keys, secrets and settings are listed here.'}
        </EmptyState>
      )}
      {entries.rows.length > 0 && (
        <ul className="audit panel" aria-label="Entries">
          {entries.rows.map((entry) => (
            <AuditEntryLine key={entry.id} entry={entry} withSpace={space === null} />
          ))}
        </ul>
      )}
      {entries.hasMore && (
        <div className="audit-more">
          <Button variant="default" loading={entries.loading} onClick={entries.loadMore}>
            Show more
          </Button>
        </div>
      )}
    </Page>
  );
}

interface FilterProps {
  filter: Filter;
  change: (changes: Record<string, string | null>) => void;
  isFiltered: boolean;
}

function Filters({ filter, change, isFiltered }: FilterProps) {
  const clear = () => change(Object.fromEntries(FILTERS.map((name) => [name, null])));
  return (
    <div className="filters" role="search">
      <TextFilter
        label="Id or name of the object"
        placeholder="Id or name"
        value={filter.target}
        change={(target) => change({ target })}
      />
      <SelectFilter
        label="Kind of object"
        placeholder="Any kind"
        data={TYPES}
        value={filter.targetType}
        change={(targetType) => change({ targetType })}
      />
      <SelectFilter
        label="Who"
        placeholder="Anyone"
        data={[
          ...ACTORS,
          ...(filter.actor && !ACTORS.some(({ value }) => value === filter.actor)
            ? [{ value: filter.actor, label: filter.actor }]
            : []),
        ]}
        value={filter.actor}
        change={(actor) => change({ actor })}
      />
      <TimeFilter since={filter.since} until={filter.until} change={change} />
      {isFiltered && (
        <Button variant="subtle" color="gray" leftSection={<X size={13} />} onClick={clear}>
          Clear
        </Button>
      )}
    </div>
  );
}

function Export({ space, filter }: { space: string | null; filter: Filter }) {
  const path = space === null ? '/v1/audit/export' : `/v1/spaces/${encodeURIComponent(space)}/audit/export`;
  const save = useAction(
    (format: string) => download(`${path}?${new URLSearchParams({ ...filter, format }).toString()}`),
    { touches: [] },
  );
  return (
    <ButtonMenu
      leftSection={<Download size={13} />}
      loading={save.isPending}
      entries={[
        { label: 'As CSV', run: () => save.mutate('csv') },
        { label: 'As NDJSON', run: () => save.mutate('ndjson') },
      ]}
    >
      Download
    </ButtonMenu>
  );
}
