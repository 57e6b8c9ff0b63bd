import { useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';
import { Loading } from '../parts/loading.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { usePermissions, useSession } from '../session/session.js';
import { useSpace } from '../session/space.js';
import { LinkList } from './link-list.js';
import { LookForm } from './look-form.js';
import { NewLink } from './new-link.js';
import './portal-admin.css';

/** What customers see behind a portal link: the links, and how it looks. */
export default function PortalPage() {
  const space = useSpace();
  const { kind } = useSession();
  const { manage } = usePermissions();
  const look = useQuery({
    queryKey: ['portal-look', space],
    queryFn: () => body(GET('/v1/spaces/{space}/portal', { params: { path: { space } } })),
  });
  return (
    <Page
      title="Portal"
      name="Portal"
      about="Pages for your customer: this space's endpoints, deliveries and event types, in your design."
    >
      <div className="stack">
        <Panel title="New link">
          <NewLink />
        </Panel>
        <Panel title="Valid links" flush>
          <LinkList />
        </Panel>
        <Panel title="Appearance">
          {look.error && <ProblemNote error={look.error} retry={() => void look.refetch()} />}
          {!look.data && !look.error && <Loading />}
          {look.data && (
            <LookForm
              key={JSON.stringify(look.data)}
              look={look.data}
              mayChange={kind === 'admin' || (kind === 'person' && manage)}
            />
          )}
        </Panel>
      </div>
    </Page>
  );
}
