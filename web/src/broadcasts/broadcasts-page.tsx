import { Button, Progress } from '@mantine/core';
import { Megaphone } from 'lucide-react';
import { useState } from 'react';
import { body, GET, POST, type Schemas } from '../api/client.js';
import { JOB_STATES } from '../jobs/job-words.js';
import { useAction } from '../parts/action.js';
import { EmptyState } from '../parts/empty-state.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Page } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { RecordList } from '../parts/record-list.js';
import { Badge } from '../parts/status.js';
import { hasRole, useSession } from '../session/session.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';

const NewBroadcast = lazyPart(() => import('./new-broadcast.js'));

type Broadcast = Schemas['BroadcastView'];

const FRESH_MS = 2_000;
const idOf = ({ id }: Broadcast) => id;

/** One event in all spaces, or in those with a tag: what was sent so, and how far it is. */
export default function BroadcastsPage() {
  const [making, setMaking] = useState(false);
  const mayChange = hasRole(useSession(), 'operator');
  const broadcasts = usePaged<Broadcast>({
    key: ['broadcasts'],
    load: (cursor) => {
      const query = { limit: 50, ...(cursor !== null && { cursor }) };
      return body(GET('/v1/broadcasts', { params: { query } }));
    },
    keyOf: idOf,
    refreshMs: FRESH_MS,
  });
  return (
    <Page
      title="Broadcasts"
      name="Broadcasts"
      about="One event published in all spaces, or in those with a tag."
      actions={
        mayChange && (
          <Button leftSection={<Megaphone size={13} />} onClick={() => setMaking(true)}>
            New broadcast…
          </Button>
        )
      }
    >
      <RecordList
        label="Broadcasts"
        of={broadcasts}
        empty={
          <EmptyState icon={<Megaphone size={18} />} title="No broadcast yet">
            Use one for what concerns every customer, such as a change of your API.
          </EmptyState>
        }
        line={(one) => <Line key={one.id} of={one} mayStop={mayChange} />}
      />
      {making && <NewBroadcast close={() => setMaking(false)} />}
    </Page>
  );
}

function Line({ of: one, mayStop }: { of: Broadcast; mayStop: boolean }) {
  const { id, status, type, uid, tag, spaces, published, skipped, failed, problems } = one;
  const cancel = useAction(
    () => POST('/v1/broadcasts/{broadcast}/cancel', { params: { path: { broadcast: id } } }),
    {
      touches: ['broadcasts'],
      done: 'The broadcast is cancelled. Spaces that already have the event keep it.',
    },
  );
  const done = published + skipped + failed;
  const share = spaces === 0 ? 100 : (done / spaces) * 100;
  return (
    <li className="stack stack-tight">
      <div className="row wrap record-head">
        <Badge tone={JOB_STATES[status][0]}>{JOB_STATES[status][1]}</Badge>
        <strong className="mono break">
          <Untrusted>{type}</Untrusted>
        </strong>
        <span className="quiet break">
          {tag === null ? 'in all spaces' : `in spaces with the tag ${tag}`}
          {uid !== null && (
            <>
              {' · '}
              <Untrusted>{uid}</Untrusted>
            </>
          )}
        </span>
        <span className="quiet push">
          <Time at={one.createdAt} />
        </span>
      </div>
      {one.finishedAt === null && <Progress value={share} aria-label={`Progress of ${id}`} />}
      <div className="row wrap">
        <span className="quiet numbers">{countsInWords(one)}</span>
        {mayStop && one.finishedAt === null && (
          <Button
            className="push"
            size="compact-xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Stop
          </Button>
        )}
      </div>
      {problems.length > 0 && <Problems of={problems} />}
    </li>
  );
}

function countsInWords({ spaces, published, skipped, failed, deliveries }: Broadcast): string {
  const number = (count: number) => count.toLocaleString();
  return [
    `${number(published)} of ${number(spaces)} spaces have it`,
    ...(skipped > 0 ? [`${number(skipped)} left out`] : []),
    ...(failed > 0 ? [`${number(failed)} refused it`] : []),
    `${number(deliveries)} deliveries`,
  ].join(' · ');
}

function Problems({ of }: { of: Broadcast['problems'] }) {
  return (
    <details>
      <summary>Which spaces refused it, and why</summary>
      <ul className="plain-list small">
        {of.map(({ space, message }) => (
          <li key={space} className="break">
            <code>{space}</code>: <Untrusted>{message}</Untrusted>
          </li>
        ))}
      </ul>
    </details>
  );
}
