import { Button } from '@mantine/core';
import { useState } from 'react';
import { lazyPart } from '../parts/lazy-part.js';
import { Panel } from '../parts/page.js';
import type { Space } from './space-search.js';

const DeleteSpaceDialog = lazyPart(() => import('./delete-space-dialog.js'));

/** The way to delete a space, with what that means. */
export function DeleteSpace({ space }: { space: Space }) {
  const [asking, setAsking] = useState(false);
  return (
    <Panel title="Delete this space">
      <div className="row wrap">
        <span className="quiet grow">
          Its subscriptions, events, deliveries, keys and links are deleted with it. This cannot be undone.
        </span>
        <Button variant="light" color="red" onClick={() => setAsking(true)}>
          Delete…
        </Button>
      </div>
      {asking && <DeleteSpaceDialog space={space} close={() => setAsking(false)} />}
    </Panel>
  );
}
