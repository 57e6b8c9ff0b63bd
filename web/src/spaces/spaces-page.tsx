import { Button } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Boxes, Plus } from 'lucide-react';
import { Suspense } from 'react';
import { body, GET } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { lazyPage } from '../navigation/lazy-page.js';
import { EmptyState } from '../parts/empty-state.js';
import { Page } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SearchField } from '../parts/search-field.js';
import { Skeleton } from '../parts/skeleton.js';
import { VirtualList } from '../parts/virtual-list.js';
import { hasRole, useSession } from '../session/session.js';
import { spacePath } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { refOf, type Space } from './space-search.js';
import './spaces.css';

const NewSpace = lazyPage(() => import('../navigation/new-space.js'));
const PAGE = 50;
const idOf = ({ id }: Space) => id;

/** Every space of the instance. */
export default function SpacesPage() {
  const [filter, change] = useFilters(['q'] as const);
  const q = filter.q ?? '';
  const session = useSession();
  const [creating, creatingOf] = useDisclosure(false);
  const spaces = usePaged<Space>({
    key: ['spaces', 'list', q],
    load: (cursor) => {
      const query = { limit: PAGE, ...(q !== '' && { q }), ...(cursor !== null && { cursor }) };
      return body(GET('/v1/spaces', { params: { query } }));
    },
    keyOf: idOf,
  });
  return (
    <Page
      title="Spaces"
      name="Spaces"
      actions={
        hasRole(session, 'operator') && (
          <Button leftSection={<Plus size={14} />} onClick={creatingOf.open}>
            New space
          </Button>
        )
      }
    >
      <div className="filters" role="search">
        <SearchField
          label="Search spaces"
          placeholder="Search name, uid or id"
          value={q}
          change={(text) => change({ q: text })}
        />
      </div>
      {spaces.error && <ProblemNote error={spaces.error} retry={spaces.retry} />}
      {spaces.isPending && <Skeleton kind="rows" />}
      {spaces.isEmpty && (
        <EmptyState icon={<Boxes size={18} />} title={q === '' ? 'No spaces yet' : 'No matching spaces'}>
          {q === ''
            ? 'Create a space for each of your customers.'
            : 'Search for part of the name or the uid.'}
        </EmptyState>
      )}
      {spaces.rows.length > 0 && <Rows {...spaces} />}
      {creating && (
        <Suspense fallback={null}>
          <NewSpace close={creatingOf.close} />
        </Suspense>
      )}
    </Page>
  );
}

function Rows({ rows, loading, loadMore, onView }: ReturnType<typeof usePaged<Space>>) {
  const narrow = useMediaQuery('(max-width: 780px)', undefined, { getInitialValueInEffect: false });
  return (
    <VirtualList
      label="Spaces"
      rows={rows}
      keyOf={idOf}
      hrefOf={(row) => spacePath(refOf(row), 'overview')}
      layout="space-row"
      heads={['Name', 'Id', 'Profile', 'Created']}
      rowHeight={narrow ? 60 : 38}
      loading={loading}
      loadMore={loadMore}
      onView={onView}
      render={(row) => (
        <>
          <span className="s-name ellipsis">
            <Untrusted>{row.name}</Untrusted>
          </span>
          <span className="s-id mono quiet ellipsis">
            <Untrusted>{refOf(row)}</Untrusted>
          </span>
          <span className="s-profile quiet">{row.profile}</span>
          <Time at={row.createdAt} className="s-made quiet numbers nowrap" />
        </>
      )}
    />
  );
}
