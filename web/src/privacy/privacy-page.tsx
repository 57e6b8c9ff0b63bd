import { Button, Tabs } from '@mantine/core';
import { Eraser, Lock } from 'lucide-react';
import { useState } from 'react';
import { useFilters } from '../navigation/hash-location.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Page } from '../parts/page.js';
import { usePermissions } from '../session/session.js';
import { Erasures } from './erasures.js';
import { Holds } from './holds.js';
import './privacy.css';

/** What was erased, with the proof of it, and what nothing may erase. */
const NewErasure = lazyPart(() => import('./new-erasure.js'));
const NewHold = lazyPart(() => import('./new-hold.js'));

export default function PrivacyPage() {
  const [filter, change] = useFilters(['tab'] as const);
  const tab = filter.tab === 'holds' ? 'holds' : 'erasures';
  const [dialog, setDialog] = useState<'erase' | 'hold' | null>(null);
  const { privacy: manage } = usePermissions();
  const close = () => setDialog(null);
  return (
    <Page
      title="Erasure and legal holds"
      name="Erasure and legal holds"
      actions={
        manage &&
        (tab === 'holds' ? (
          <Button leftSection={<Lock size={13} />} onClick={() => setDialog('hold')}>
            Set a hold…
          </Button>
        ) : (
          <Button color="red" leftSection={<Eraser size={13} />} onClick={() => setDialog('erase')}>
            Erase…
          </Button>
        ))
      }
    >
      <Tabs value={tab} onChange={(value) => change({ tab: value === 'holds' ? 'holds' : null })}>
        <Tabs.List className="privacy-tabs">
          <Tabs.Tab value="erasures">Erasures</Tabs.Tab>
          <Tabs.Tab value="holds">Legal holds</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="erasures">
          <Erasures />
        </Tabs.Panel>
        <Tabs.Panel value="holds">
          <Holds />
        </Tabs.Panel>
      </Tabs>
      {dialog === 'erase' && <NewErasure close={close} />}
      {dialog === 'hold' && <NewHold close={close} />}
    </Page>
  );
}
