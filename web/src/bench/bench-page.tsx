import { useFilters } from '../navigation/hash-location.js';
import { useEventTypes } from '../catalogue/event-types.js';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { usePermissions, useSession } from '../session/session.js';
import { FlaskConical } from 'lucide-react';
import { EventBench } from './event-bench.js';
import { TestReceiver } from './test-receiver.js';
import { Watch } from './watch.js';
import './bench.css';

/** Where an integrator tries things out: make an event, send it, see it arrive. */
export default function BenchPage() {
  const [filter, change] = useFilters(['type', 'event'] as const);
  const types = useEventTypes();
  const { testReceiver } = useSession();
  const { manage } = usePermissions();
  const type = types.data?.find(({ name }) => name === filter.type) ?? types.data?.[0];
  if (!manage) {
    return (
      <Page title="Test bench" name="Test bench">
        <EmptyState icon={<FlaskConical size={18} />} title="Read only">
          This key or link can read but not send. Ask for one with the scope “manage”.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title="Test bench" name="Test bench" about="Compose an event, send it, and follow its deliveries.">
      {types.error && <ProblemNote error={types.error} retry={() => void types.refetch()} />}
      {types.isPending && <Loading />}
      {types.data?.length === 0 && (
        <EmptyState icon={<FlaskConical size={18} />} title="No event types yet">
          This space’s profile has no events. Add your own with PUT /v1/spaces/…/event-types/your.event.
        </EmptyState>
      )}
      {types.data && type && (
        <div className="bench">
          <EventBench
            key={type.name}
            types={types.data}
            type={type}
            choose={(name) => change({ type: name })}
            sent={(event) => change({ event })}
          />
          <div className="stack">
            <Watch event={filter.event ?? null} />
            {testReceiver && <TestReceiver />}
          </div>
        </div>
      )}
    </Page>
  );
}
