import { Button } from '@mantine/core';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { body, GET, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { lazyPart } from '../parts/lazy-part.js';
import { EmptyState } from '../parts/empty-state.js';
import { usePaged } from '../parts/paged.js';
import { RecordList } from '../parts/record-list.js';
import { Badge } from '../parts/status.js';
import { usePermissions } from '../session/session.js';
import { useSpace } from '../session/space.js';
import { localTime, Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

const Confirm = lazyPart(() => import('../parts/confirm.js'));

type Hold = Schemas['HoldView'];

const idOf = ({ id }: Hold) => id;

/** Legal holds, also those that were released. */
export function Holds() {
  const space = useSpace();
  const holds = usePaged<Hold>({
    key: ['holds', space],
    load: (cursor) => {
      const query = { limit: 50, ...(cursor !== null && { cursor }) };
      return body(GET('/v1/spaces/{space}/holds', { params: { path: { space }, query } }));
    },
    keyOf: idOf,
  });
  return (
    <RecordList
      label="Legal holds"
      of={holds}
      empty={
        <EmptyState icon={<Lock size={18} />} title="No legal holds">
          A legal hold protects events from retention and erasure. While one is in force, the space cannot be
          deleted.
        </EmptyState>
      }
      line={(hold) => <Line key={hold.id} hold={hold} />}
    />
  );
}

function Line({ hold }: { hold: Hold }) {
  const { privacy: manage } = usePermissions();
  const [asking, setAsking] = useState(false);
  const params = { path: { space: useSpace(), hold: hold.id } };
  const release = useAction(() => POST('/v1/spaces/{space}/holds/{hold}/release', { params }), {
    touches: ['holds'],
    done: 'The legal hold is released.',
    after: () => setAsking(false),
  });
  const inForce = hold.releasedAt === null;
  return (
    <li className="stack stack-tight">
      <div className="row wrap record-head">
        <Badge tone={inForce ? 'hold' : 'mute'}>{inForce ? 'In force' : 'Released'}</Badge>
        <strong className="break">
          <Untrusted>{hold.reason}</Untrusted>
        </strong>
        <span className="quiet push">
          <Time at={hold.createdAt} />
        </span>
      </div>
      <div className="row wrap">
        <span className="quiet break">
          <Untrusted>{scopeInWords(hold)}</Untrusted>
          {`. Set by ${hold.setBy}`}
          {hold.releasedAt !== null &&
            `, released by ${hold.releasedBy ?? 'nobody'} on ${localTime(hold.releasedAt)}`}
          .
        </span>
        {manage && inForce && (
          <Button className="push" variant="default" onClick={() => setAsking(true)}>
            Release…
          </Button>
        )}
      </div>
      {asking && (
        <Confirm
          title="Release the legal hold"
          action="Release"
          busy={release.isPending}
          run={() => release.mutate()}
          close={() => setAsking(false)}
        >
          What only this hold protected is removed by the next run of retention, within an hour.
        </Confirm>
      )}
    </li>
  );
}

function scopeInWords({ event, subjectId, since, until }: Hold): string {
  const parts = [
    event && `the event ${event}`,
    subjectId && `events about ${subjectId}`,
    since && `published since ${localTime(since)}`,
    until && `published before ${localTime(until)}`,
  ].filter(Boolean);
  return parts.length === 0 ? 'Everything in the space, including future events' : `Only ${parts.join(', ')}`;
}
