import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body, GET, type Schemas } from '../api/client.js';
import { DiffView } from '../parts/diff-view.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { useSpace } from '../session/space.js';
import { writeNumbers } from '../text/exact-numbers.js';
import { prettyJson } from '../text/pretty-json.js';
import { localTime } from '../text/time.js';
import { visible } from '../text/untrusted.js';
import { useEvent } from './events.js';

type Event = Schemas['EventView'];

const SHOWN = 30;

/** An event's payload beside that of another one of its type, by default the one before it. */
export default function CompareEvents({ event }: { event: Event }) {
  const others = useOthers(event);
  const [chosen, setChosen] = useState<string | null>(null);
  const other = chosen ?? others.data?.[0]?.id ?? null;
  return (
    <Panel
      title="Compare payloads"
      actions={
        <Select
          aria-label="Another event of this type"
          searchable
          data={(others.data ?? []).map(({ id, uid, createdAt }) => ({
            value: id,
            label: visible(`${localTime(createdAt)} · ${uid ?? id}`),
          }))}
          value={other}
          onChange={setChosen}
        />
      }
    >
      {others.error && <ProblemNote error={others.error} retry={() => void others.refetch()} />}
      {others.isPending && <Loading />}
      {others.data && other === null && (
        <p className="quiet flat">There is no other event of this type to compare with.</p>
      )}
      {other !== null && <Difference event={event} other={other} />}
    </Panel>
  );
}

function Difference({ event, other }: { event: Event; other: string }) {
  const found = useEvent(other);
  if (found.error) return <ProblemNote error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading />;
  if (found.data.data === null || event.data === null)
    return <p className="quiet flat">The payload of one of them was removed.</p>;
  return <DiffView label="Payload" before={textOf(found.data.data)} after={textOf(event.data)} />;
}

/** Those before it, newest first, then those after it. */
function useOthers({ id, type, createdAt }: Event) {
  const space = useSpace();
  return useQuery({
    queryKey: ['events', space, 'others', id],
    queryFn: async () => {
      const page = async (query: { since?: string; until?: string; order?: 'asc' }) =>
        (
          await body(
            GET('/v1/spaces/{space}/events', {
              params: { path: { space }, query: { ...query, type, limit: SHOWN } },
            }),
          )
        ).data;
      const after = await page({ since: createdAt, order: 'asc' });
      const before = await page({ until: createdAt });
      const all = new Map([...before, ...after].map((one) => [one.id, one]));
      all.delete(id);
      return [...all.values()];
    },
    staleTime: 30_000,
  });
}

function textOf(data: object): string {
  const text = writeNumbers(data);
  return (
    prettyJson(text)
      ?.map((token) => token.text)
      .join('') ?? text
  );
}
