import { Button } from '@mantine/core';
import { Facts, Page, Panel } from '../parts/page.js';
import { signOut, useSession } from '../session/session.js';
import { Untrusted } from '../text/untrusted.js';
import { SessionList } from './session-list.js';

/** Who one is here, and where one is signed in. */
export default function AccountPage() {
  const session = useSession();
  const { person } = session;
  if (!person) return null;
  const spaces = person.spaces.map(({ space, role }) => `${role} in ${space}`);
  return (
    <Page title="Account" name="Account" actions={<Button onClick={() => signOut(session)}>Sign out</Button>}>
      <div className="stack">
        <Panel>
          <Facts
            of={[
              ['Mail address', <Untrusted key="email">{person.email}</Untrusted>],
              ['Role in all spaces', person.role ?? 'none'],
              ['Roles in single spaces', spaces.length === 0 ? 'none' : spaces.join(', ')],
            ]}
          />
        </Panel>
        <Panel title="Your sessions" flush>
          <SessionList person={person.id} />
        </Panel>
      </div>
    </Page>
  );
}
