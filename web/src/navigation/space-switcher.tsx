import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense } from 'react';
import { Plus } from 'lucide-react';
import { useLocation } from 'wouter';
import { AsyncSelect } from '../parts/async-select.js';
import { hasRole, useSession } from '../session/session.js';
import { spacePath, useSpaceFacts, useSpaceIfAny } from '../session/space.js';
import { refOf, useSpaceSearch, type Space } from '../spaces/space-search.js';
import { visible } from '../text/untrusted.js';
import { lazyPage } from './lazy-page.js';

const NewSpace = lazyPage(() => import('./new-space.js'));

/** Which space one looks at; only the operator and their people have more than one. */
export function SpaceSwitcher() {
  const space = useSpaceIfAny();
  const session = useSession();
  const hasMore = session.space === null;
  const facts = useSpaceFacts(hasMore ? space : null);
  const [, navigate] = useLocation();
  const [creating, creatingOf] = useDisclosure(false);
  if (!hasMore) return null;
  return (
    <div className="row space-switcher">
      <AsyncSelect
        className="grow"
        aria-label="Space"
        placeholder={space ?? 'Choose a space'}
        chosen={facts.data ? toChoice(facts.data) : null}
        useChoices={useChoices}
        onChange={(value) => value !== null && navigate(spacePath(value, 'overview'))}
      />
      {hasRole(session, 'operator') && (
        <Button variant="default" px={8} aria-label="New space" onClick={creatingOf.open}>
          <Plus size={14} />
        </Button>
      )}
      {creating && (
        <Suspense fallback={null}>
          <NewSpace close={creatingOf.close} />
        </Suspense>
      )}
    </div>
  );
}

function useChoices(q: string, opened: boolean) {
  return useSpaceSearch(q, opened).data?.data.map(toChoice);
}

function toChoice(space: Space) {
  return { value: refOf(space), label: visible(space.name) };
}
