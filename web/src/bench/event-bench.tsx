import { Button, Textarea } from '@mantine/core';
import { RotateCcw, Send } from 'lucide-react';
import { useState } from 'react';
import { call, type Schemas } from '../api/client.js';
import type { EventType } from '../catalogue/event-types.js';
import { AsyncSelect } from '../parts/async-select.js';
import { useAction } from '../parts/action.js';
import { Panel } from '../parts/page.js';
import { Select } from '../parts/select.js';
import type { Choice } from '../parts/select-props.js';
import { useSession } from '../session/session.js';
import { useSpace } from '../session/space.js';
import {
  toChoice,
  useSubscription,
  useSubscriptionChoices,
  useSubscriptionSearch,
} from '../subscriptions/subscriptions.js';
import { escapeHidden, Untrusted, visible } from '../text/untrusted.js';

interface Props {
  types: EventType[];
  type: EventType;
  choose: (type: string) => void;
  /** Hears the id of the event that was sent. */
  sent: (event: string) => void;
}

const EVERYBODY = 'everybody';
const ALL = { value: EVERYBODY, label: 'Publish to all matching subscriptions' };

function onlyTo({ value, label }: Choice): Choice {
  return { value, label: `Only ${label}` };
}

function useTargets(q: string, opened: boolean) {
  return useSubscriptionChoices(q, opened)?.map(onlyTo);
}

function useAllTargets(q: string, opened: boolean) {
  const targets = useTargets(q, opened);
  return targets && [ALL, ...targets];
}

/** An event to try: its type, its data, and whom it goes to. */
export function EventBench({ types, type, choose, sent }: Props) {
  const example = escapeHidden(JSON.stringify(type.example, null, 2));
  const [text, setText] = useState(example);
  const { kind } = useSession();
  // A portal link may test an endpoint, but what is published comes from the product alone.
  const mayPublish = kind !== 'portal';
  const first = useSubscriptionSearch('', !mayPublish).data?.data[0];
  const [picked, setTarget] = useState<string | null>(null);
  const target = picked ?? (mayPublish ? EVERYBODY : (first?.id ?? null));
  const chosen = useSubscription(target === EVERYBODY ? null : target);
  const send = useSend(type.name, text, target ?? '');
  // Not as the action's own: on another page, where one has gone meanwhile, the event would be a filter.
  const publish = () => send.mutate(undefined, { onSuccess: sent });
  const problem = problemOf(text);
  return (
    <Panel title="Event">
      <div className="stack">
        <Select
          label="Type"
          searchable
          data={types.map(({ name }) => ({ value: name, label: visible(name) }))}
          value={type.name}
          onChange={(name) => name !== null && choose(name)}
        />
        <p className="quiet small flat">
          <Untrusted>{type.description}</Untrusted>
        </p>
        <Textarea
          label="Data"
          classNames={{ input: 'mono' }}
          minRows={10}
          maxRows={17}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem}
        />
        <AsyncSelect
          label="Send to"
          chosen={target === EVERYBODY ? ALL : chosen.data ? onlyTo(toChoice(chosen.data)) : null}
          useChoices={mayPublish ? useAllTargets : useTargets}
          onChange={(value) => value !== null && setTarget(value)}
        />
        <div className="row">
          <Button
            variant="subtle"
            color="gray"
            leftSection={<RotateCcw size={13} />}
            disabled={text === example}
            onClick={() => setText(example)}
          >
            Example
          </Button>
          <Button
            className="push"
            leftSection={<Send size={13} />}
            loading={send.isPending}
            disabled={problem !== null || target === null}
            onClick={publish}
          >
            {target === EVERYBODY ? 'Publish' : 'Send'}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function useSend(type: string, text: string, target: string) {
  const path = `/v1/spaces/${encodeURIComponent(useSpace())}`;
  const run = async () => {
    // The text as it was typed, so that `1.0` is published as `1.0`.
    const content = `{"type":${JSON.stringify(type)},"data":${text}}`;
    if (target === EVERYBODY) {
      return (await call<Schemas['PublishedView']>('POST', `${path}/events`, content)).id;
    }
    return (await call<Schemas['DeliveryView']>('POST', `${path}/subscriptions/${target}/test`, content))
      .eventId;
  };
  return useAction(run, { touches: ['deliveries', 'events', 'overview', 'health'] });
}

function problemOf(text: string): string | null {
  try {
    const data = JSON.parse(text) as unknown;
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return null;
    return 'The data of an event must be a JSON object: { … }.';
  } catch (error) {
    return `Invalid JSON: ${visible(error instanceof Error ? error.message : String(error))}`;
  }
}
