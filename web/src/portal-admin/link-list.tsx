import { Button } from '@mantine/core';
import { body, DELETE, GET, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { DataTable } from '../parts/data-table.js';
import { Loading } from '../parts/loading.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import { rightsInWords } from './portal-words.js';

type PortalLink = Schemas['PortalLink'];

const PAGE = 50;
const FRESH_MS = 15_000;
const idOf = ({ id }: PortalLink) => id;

/** The links that work, newest first, each with a way to end it. */
export function LinkList() {
  const space = useSpace();
  const links = usePaged<PortalLink>({
    key: ['portal-links', space],
    load: (cursor) =>
      body(
        GET('/v1/spaces/{space}/portal-links', {
          params: {
            path: { space },
            query: { limit: PAGE, order: 'desc', ...(cursor !== null && { cursor }) },
          },
        }),
      ),
    keyOf: idOf,
    refreshMs: FRESH_MS,
  });
  const revoke = useAction(
    (link: string) => DELETE('/v1/spaces/{space}/portal-links/{link}', { params: { path: { space, link } } }),
    { touches: ['portal-links'], done: 'The link is revoked.' },
  );
  if (links.error) return <ProblemNote error={links.error} retry={links.retry} />;
  if (links.isPending) return <Loading />;
  if (links.isEmpty) return <p className="quiet flat panel-body">There are no valid links.</p>;
  return (
    <>
      <DataTable label="Valid links" heads={['Link', 'Access', 'Created', 'Valid until', '']}>
        {links.rows.map((link) => (
          <tr key={link.id}>
            <td className="mono">{link.id.slice(0, 12)}…</td>
            <td>{rightsInWords(link)}</td>
            <td>
              <Time at={link.createdAt} />
            </td>
            <td>
              <Time at={link.expiresAt} />
            </td>
            <td>
              <Button
                size="compact-xs"
                variant="light"
                color="red"
                aria-label={`Revoke ${link.id}`}
                loading={revoke.isPending && revoke.variables === link.id}
                onClick={() => revoke.mutate(link.id)}
              >
                Revoke
              </Button>
            </td>
          </tr>
        ))}
      </DataTable>
      {links.hasMore && (
        <div className="panel-body">
          <Button variant="default" loading={links.loading} onClick={() => links.loadMore?.()}>
            More
          </Button>
        </div>
      )}
    </>
  );
}
