import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { body, DELETE, GET, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { DataTable } from '../parts/data-table.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Panel } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

const NewKey = lazyPart(() => import('./new-key.js'));
const Confirm = lazyPart(() => import('../parts/confirm.js'));

type Key = Schemas['Key'];

const idOf = ({ id }: Key) => id;

/** The keys of a space: what may publish, read and change in it. */
export function Keys() {
  const space = useSpace();
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Key | null>(null);
  const keys = usePaged<Key>({
    key: ['keys', space],
    load: (cursor) => {
      const query = { limit: 50, ...(cursor !== null && { cursor }) };
      return body(GET('/v1/spaces/{space}/keys', { params: { path: { space }, query } }));
    },
    keyOf: idOf,
  });
  const revoke = useAction(
    (key: string) => DELETE('/v1/spaces/{space}/keys/{key}', { params: { path: { space, key } } }),
    { touches: ['keys'], done: 'The key is revoked.', after: () => setLeaving(null) },
  );
  return (
    <Panel
      title="Keys"
      flush
      actions={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={13} />}
          onClick={() => setMaking(true)}
        >
          New key…
        </Button>
      }
    >
      {keys.error && <ProblemNote error={keys.error} retry={keys.retry} />}
      {keys.isPending && <Skeleton kind="rows" />}
      {keys.isEmpty && (
        <p className="quiet flat panel-body">No key yet. Whoever publishes in this space needs one.</p>
      )}
      {keys.rows.length > 0 && (
        <DataTable
          label="Keys"
          heads={['Name', 'May', 'Begins with', 'Created', 'Last used', 'Works until', '']}
        >
          {keys.rows.map((key) => (
            <Row key={key.id} of={key} revoke={() => setLeaving(key)} />
          ))}
        </DataTable>
      )}
      {keys.hasMore && (
        <div className="panel-body">
          <Button variant="default" loading={keys.loading} onClick={keys.loadMore}>
            Show more
          </Button>
        </div>
      )}
      {making && <NewKey close={() => setMaking(false)} />}
      {leaving && (
        <Confirm
          title="Revoke the key?"
          action="Revoke"
          busy={revoke.isPending}
          run={() => revoke.mutate(leaving.id)}
          close={() => setLeaving(null)}
        >
          Whoever uses “<Untrusted>{leaving.name}</Untrusted>” is refused from now on.
        </Confirm>
      )}
    </Panel>
  );
}

function Row({ of: key, revoke }: { of: Key; revoke: () => void }) {
  return (
    <tr>
      <td className="break">
        <Untrusted>{key.name}</Untrusted>
      </td>
      <td>{key.scope}</td>
      <td className="mono">{key.prefix}…</td>
      <td className="nowrap">
        <Time at={key.createdAt} />
      </td>
      <td className="nowrap">{key.lastUsedAt === null ? 'never' : <Time at={key.lastUsedAt} />}</td>
      <td className="nowrap">{key.expiresAt === null ? 'it is revoked' : <Time at={key.expiresAt} />}</td>
      <td>
        <Button
          size="compact-xs"
          variant="light"
          color="red"
          aria-label={`Revoke… ${key.id}`}
          onClick={revoke}
        >
          Revoke…
        </Button>
      </td>
    </tr>
  );
}
