import { Button } from '@mantine/core';
import { Settings } from 'lucide-react';
import { Link } from 'wouter';
import { EmptyState } from '../parts/empty-state.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { CopyButton } from '../parts/copy-button.js';
import { SpacePeople } from '../people/space-people.js';
import { usePermissions, useSession } from '../session/session.js';
import { useSpace, useSpaceFacts, useSpaceLink } from '../session/space.js';
import { Time } from '../text/time.js';
import { CatalogueSettings } from './catalogue-settings.js';
import { DeleteSpace } from './delete-space.js';
import { GeneralForm } from './general-form.js';
import { Keys } from './keys.js';
import { LIMITS, NumbersForm, RETENTION } from './numbers-form.js';
import type { Space } from './space-search.js';
import './spaces.css';

/** All that the operator can set for a space. */
export default function SettingsPage() {
  const space = useSpaceFacts(useSpace());
  const { kind, person } = useSession();
  const { manage } = usePermissions();
  // Keys of a space change what is in it, but not the space itself.
  const maySet = manage && (kind === 'admin' || person !== undefined);
  return (
    <Page title="Settings" name="Settings" about={space.data && <About space={space.data} />}>
      {space.error && !space.data && <ProblemNote error={space.error} retry={() => void space.refetch()} />}
      {space.isPending && <Skeleton kind="panels" />}
      {space.data && maySet && <Content space={space.data} />}
      {space.data && !maySet && (
        <EmptyState icon={<Settings size={18} />} title="You may not change these settings">
          They are for operators and admins of this space. Ask one of them for a higher role.
        </EmptyState>
      )}
    </Page>
  );
}

function About({ space: { id, profile, createdAt } }: { space: Space }) {
  return (
    <>
      <span className="mono">{id}</span> <CopyButton text={id} label="Copy id" /> · profile {profile} ·
      created <Time at={createdAt} />
    </>
  );
}

function Content({ space }: { space: Space }) {
  const link = useSpaceLink();
  const { admin } = usePermissions();
  return (
    <div className="stack">
      <div className="two-panels">
        <Panel title="General">
          <GeneralForm space={space} />
        </Panel>
        <div className="stack">
          <Panel title="Retention">
            <NumbersForm part="retention" fields={RETENTION} values={space.retention} />
          </Panel>
          <CatalogueSettings />
        </div>
      </div>
      <Panel title="Limits">
        <NumbersForm part="limits" fields={LIMITS} values={space.limits} />
      </Panel>
      {admin && <Keys />}
      {admin && <SpacePeople />}
      <Panel title="Portal links">
        <div className="row wrap">
          <span className="quiet grow">Links that open this space for your customer, without a key.</span>
          <Button component={Link} variant="default" href={link('portal')}>
            Make and revoke links
          </Button>
        </div>
      </Panel>
      <DeleteSpace space={space} />
    </div>
  );
}
