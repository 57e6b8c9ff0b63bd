import { Button } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { useState } from 'react';
import { body, GET, PATCH, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { BodyView } from '../parts/body-view.js';
import { CopyButton } from '../parts/copy-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { HeaderTable } from '../parts/header-table.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { useSubscriptionSearch } from '../subscriptions/subscriptions.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { forgetReceiver, keepReceiver, keptReceiver, type Receiver } from './kept-receiver.js';

const ANSWERS = [
  { value: 'ok', label: '200 immediately', answer: { status: 200, delayMs: 0, retryAfterSeconds: null } },
  { value: 'error', label: '500 Server error', answer: { status: 500, delayMs: 0, retryAfterSeconds: null } },
  {
    value: 'limit',
    label: '429, Retry-After 10 s',
    answer: { status: 429, delayMs: 0, retryAfterSeconds: 10 },
  },
  {
    value: 'slow',
    label: '200 after 10 s',
    answer: { status: 200, delayMs: 10_000, retryAfterSeconds: null },
  },
  { value: 'gone', label: '410 Gone', answer: { status: 410, delayMs: 0, retryAfterSeconds: null } },
];

/** An endpoint inside the engine: shows what arrived and answers as it is set. */
export function TestReceiver() {
  const space = useSpace();
  const [receiver, setReceiver] = useState<Receiver | null>(() => keptReceiver(space));
  const keep = (made: Receiver) => {
    keepReceiver(space, made);
    setReceiver(made);
  };
  const make = useAction(
    () => body(POST('/v1/spaces/{space}/test-receivers', { params: { path: { space } } })),
    {
      touches: [],
      after: ({ id, url }) => keep({ id, url, answer: 'ok' }),
    },
  );
  if (receiver !== null) {
    const forget = () => {
      forgetReceiver(space);
      setReceiver(null);
    };
    return <Made receiver={receiver} keep={keep} forget={forget} />;
  }
  return (
    <Panel title="Built-in receiver">
      <div className="row wrap">
        <span className="quiet grow">
          A URL that shows each request, and can respond with 500, 429, 410 or slowly.
        </span>
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          Create a receiver
        </Button>
      </div>
    </Panel>
  );
}

interface MadeProps {
  receiver: Receiver;
  keep: (changed: Receiver) => void;
  forget: () => void;
}

function Made({ receiver, keep, forget }: MadeProps) {
  const space = useSpace();
  const subscriptions = useSubscriptionSearch(receiver.url);
  const tell = useAction(
    async ({ value, answer }: (typeof ANSWERS)[number]) => {
      const params = { path: { space, receiver: receiver.id } };
      await PATCH('/v1/spaces/{space}/test-receivers/{receiver}', { params, body: answer });
      return value;
    },
    { touches: [], after: (answer) => keep({ ...receiver, answer }) },
  );
  const subscribe = useAction(
    () =>
      body(
        POST('/v1/spaces/{space}/subscriptions', {
          params: { path: { space } },
          body: { url: receiver.url, description: 'Built-in test receiver' },
        }),
      ),
    { touches: ['subscriptions'], done: 'The receiver is now subscribed to all events.' },
  );
  const isSubscribed = subscriptions.data?.data.some(({ url }) => url === receiver.url) ?? true;
  return (
    <Panel
      title="Built-in receiver"
      actions={
        <Button size="compact-xs" variant="subtle" color="gray" onClick={forget}>
          Start over
        </Button>
      }
    >
      <div className="stack">
        <div className="row">
          <code className="secret-box break">{receiver.url}</code>
          <CopyButton words label="Copy" text={receiver.url} />
        </div>
        <div className="row wrap form-line">
          <Select
            label="Answers"
            data={ANSWERS.map(({ value, label }) => ({ value, label }))}
            value={tell.isPending ? tell.variables.value : receiver.answer}
            onChange={(value) => {
              const choice = ANSWERS.find((one) => one.value === value);
              if (choice) tell.mutate(choice);
            }}
          />
          {!isSubscribed && (
            <Button variant="default" loading={subscribe.isPending} onClick={() => subscribe.mutate()}>
              Subscribe it to all events
            </Button>
          )}
        </div>
        <Arrivals receiver={receiver.id} />
      </div>
    </Panel>
  );
}

function Arrivals({ receiver }: { receiver: string }) {
  const space = useSpace();
  const queries = useQueryClient();
  const key = ['arrivals', space, receiver];
  const arrivals = useQuery({
    queryKey: key,
    queryFn: async () => {
      const known = queries.getQueryData<Schemas['ReceivedView'][]>(key) ?? [];
      const after = known.at(-1)?.id;
      const { data } = await body(
        GET('/v1/spaces/{space}/test-receivers/{receiver}/requests', {
          params: { path: { space, receiver }, query: after === undefined ? {} : { after } },
        }),
      );
      const have = new Set(known.map(({ id }) => id));
      return [...known, ...data.filter(({ id }) => !have.has(id))];
    },
    refetchInterval: 1_500,
  });
  if (arrivals.error) return <ProblemNote error={arrivals.error} />;
  const shown = [...(arrivals.data ?? [])].sort((a, b) => b.at.localeCompare(a.at));
  if (shown.length === 0) {
    return (
      <EmptyState icon={<Inbox size={18} />} title="No requests yet">
        Subscribe this URL, then publish an event on the left.
      </EmptyState>
    );
  }
  return (
    <ul className="arrivals">
      {shown.map((one) => (
        <li key={one.id}>
          <details>
            <summary className="row">
              <span className="mono">{one.method}</span>
              <span className="mono quiet ellipsis">
                <Untrusted>{one.body}</Untrusted>
              </span>
              <span className="push quiet small nowrap">
                <Time at={one.at} />
              </span>
            </summary>
            <div className="stack arrival">
              <HeaderTable headers={one.headers} label="Received headers" />
              <BodyView text={one.body} name={one.id} note={one.bodyTruncated ? 'cut off' : undefined} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
