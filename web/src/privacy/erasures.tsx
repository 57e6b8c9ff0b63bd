import { Button } from '@mantine/core';
import { Eraser } from 'lucide-react';
import { body, GET, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { EmptyState } from '../parts/empty-state.js';
import { usePaged } from '../parts/paged.js';
import { RecordList } from '../parts/record-list.js';
import { Badge } from '../parts/status.js';
import { usePermissions } from '../session/session.js';
import { useSpace } from '../session/space.js';
import { Time, localTime } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

type Erasure = Schemas['ErasureView'];

const idOf = ({ id }: Erasure) => id;

/** Erasures with what they removed, and the proof that nothing is left. */
export function Erasures() {
  const space = useSpace();
  const erasures = usePaged<Erasure>({
    key: ['erasures', space],
    load: (cursor) => {
      const query = { limit: 50, ...(cursor !== null && { cursor }) };
      return body(GET('/v1/spaces/{space}/erasures', { params: { path: { space }, query } }));
    },
    keyOf: idOf,
    refreshMs: 3_000,
  });
  return (
    <RecordList
      label="Erasures"
      of={erasures}
      empty={
        <EmptyState icon={<Eraser size={18} />} title="No erasures yet">
          An erasure removes the data of events, and the bodies and headers of their deliveries. Its record
          stays here as evidence.
        </EmptyState>
      }
      line={(one) => <Line key={one.id} erasure={one} />}
    />
  );
}

function Line({ erasure }: { erasure: Erasure }) {
  const { id, dryRun, mode, criteria, counts, requestedBy, createdAt, finishedAt, stopped } = erasure;
  const { privacy: manage } = usePermissions();
  const params = { path: { space: useSpace(), erasure: id } };
  const cancel = useAction(() => POST('/v1/spaces/{space}/erasures/{erasure}/cancel', { params }), {
    touches: ['erasures'],
    done: 'The erasure is stopping. What it has erased stays erased.',
  });
  return (
    <li className="stack stack-tight">
      <div className="row wrap record-head">
        <State erasure={erasure} />
        <strong className="break">
          <Untrusted>{criteriaInWords(criteria)}</Untrusted>
        </strong>
        <span className="quiet push">
          <Time at={createdAt} />
        </span>
      </div>
      <div className="quiet">
        {dryRun ? 'Would erase ' : finishedAt === null ? 'So far ' : 'Erased '}
        {countsInWords(counts)}
        {mode === 'rows' ? '. Whole rows' : '. Contents; ids, times and status codes stay'}
        {`. Asked for by ${requestedBy}.`}
      </div>
      {stopped !== null && (
        <div className="ink-bad">
          <Untrusted>{stopped}</Untrusted>
        </div>
      )}
      <Proof erasure={erasure} />
      <div className="row wrap small">
        <code className="quiet break">{id}</code>
        {manage && finishedAt === null && (
          <Button
            className="push"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Stop
          </Button>
        )}
      </div>
    </li>
  );
}

function State({ erasure: { status, dryRun } }: { erasure: Erasure }) {
  if (status === 'completed') return <Badge tone="good">{dryRun ? 'Counted' : 'Done'}</Badge>;
  if (status === 'failed') return <Badge tone="bad">Failed</Badge>;
  if (status === 'cancelled') return <Badge tone="mute">Stopped</Badge>;
  return <Badge tone="wait">In progress</Badge>;
}

/** What a second look at everything found. */
function Proof({ erasure: { verification, dryRun, finishedAt } }: { erasure: Erasure }) {
  if (verification === null) {
    return dryRun || finishedAt !== null ? null : (
      <div className="quiet">At the end, a check verifies that nothing is left.</div>
    );
  }
  const { at, checked, complete, remaining } = verification;
  const left = Object.entries(remaining).filter(([, count]) => count > 0);
  return complete ? (
    <div className="ink-good">
      Proof: {checked.toLocaleString()} {checked === 1 ? 'event was' : 'events were'} checked again at{' '}
      {localTime(at)}, and nothing is left.
    </div>
  ) : (
    <div className="ink-bad">
      The check at {localTime(at)} still found{' '}
      {left.map(([what, count]) => `${count.toLocaleString()} ${WHAT[what] ?? what}`).join(', ')}.
    </div>
  );
}

const WHAT: Record<string, string> = {
  events: 'events',
  deliveries: 'deliveries',
  cancelled: 'deliveries cancelled',
  attempts: 'attempts',
  eventKeys: 'publishers’ ids',
  testRequests: 'requests of test receivers',
};

export function countsInWords(counts: Erasure['counts']): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length === 0) return 'nothing';
  return some.map(([what, count]) => `${count.toLocaleString()} ${WHAT[what] ?? what}`).join(', ');
}

function criteriaInWords({ all, events, subjectSha256, since, until }: Erasure['criteria']): string {
  if (all) return 'Everything in the space';
  const parts = [
    events && (events.length === 1 ? `the event ${events[0]}` : `${events.length} events`),
    subjectSha256 && `about the person with the hash ${subjectSha256.slice(0, 12)}…`,
    since && `published since ${localTime(since)}`,
    !events && `published before ${localTime(until)}`,
  ];
  return parts.filter(Boolean).join(', ');
}
