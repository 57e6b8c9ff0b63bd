import { SegmentedControl, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { body, call, GET, type Schemas } from '../api/client.js';
import { useEventTypes, wants } from '../catalogue/event-types.js';
import { reasonInWords } from '../events/routing-reasons.js';
import { useFilters } from '../navigation/hash-location.js';
import { BodyView } from '../parts/body-view.js';
import { HeaderTable } from '../parts/header-table.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { Skeleton } from '../parts/skeleton.js';
import { Badge } from '../parts/status.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { localTime } from '../text/time.js';
import { Untrusted, visible } from '../text/untrusted.js';
import { shortUrl, useSubscription } from './subscriptions.js';
import './subscriptions.css';

type Input = Schemas['TrialInput'];
type Trial = Schemas['TrialView'];

const PAUSE_MS = 400;

/** What a subscription would get of an event, before anything is sent. */
export default function PreviewPage() {
  const { sub } = useParams<{ sub: string }>();
  const link = useSpaceLink();
  const subscription = useSubscription(sub);
  const [filter, change] = useFilters(['event', 'type'] as const);
  const [data, setData] = useState('');
  const [settled] = useDebouncedValue(data, PAUSE_MS);
  const isEvent = filter.event !== undefined;
  const text = isEvent ? '' : settled.trim();
  const isWrong = text !== '' && !isObject(text);
  const { event, type } = filter;
  const input: Input = isEvent ? { event } : { ...(type !== undefined && { type }) };
  const trial = useTrial(sub, withData(input, text), (!isEvent || event !== '') && !isWrong);
  const name = subscription.data ? shortUrl(subscription.data.url) : sub;
  return (
    <Page
      title="What would be sent"
      name="What would be sent"
      about={<Untrusted>{name}</Untrusted>}
      back={{ href: link(`subscriptions/${sub}`), label: 'Endpoint' }}
    >
      <div className="stack">
        <Panel title="Event">
          <div className="stack">
            <div className="row">
              <SegmentedControl
                size="xs"
                aria-label="Event to preview"
                data={[
                  { value: 'example', label: 'An example' },
                  { value: 'event', label: 'A published event' },
                ]}
                value={isEvent ? 'event' : 'example'}
                onChange={(value) => change({ event: value === 'event' ? '' : null, type: null })}
              />
            </div>
            {isEvent ? (
              <EventSelect value={filter.event ?? ''} onChange={(event) => change({ event })} />
            ) : (
              <Example
                wanted={subscription.data?.events ?? ['*']}
                type={filter.type ?? trial.data?.type ?? null}
                onType={(type) => change({ type })}
                data={data}
                onData={setData}
                error={isWrong ? 'Enter a JSON object: { … }' : undefined}
              />
            )}
          </div>
        </Panel>
        {trial.error && <ProblemNote error={trial.error} />}
        {trial.isLoading && <Skeleton kind="rows" />}
        {trial.data && <Result trial={trial.data} />}
      </div>
    </Page>
  );
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** As JSON, with the data as it was written: `1.0` would become `1`. */
function withData(input: Input, data: string): string {
  const json = JSON.stringify(input);
  if (data === '') return json;
  return `${json.slice(0, -1)}${json === '{}' ? '' : ','}"data":${data}}`;
}

function useTrial(sub: string, input: string, enabled: boolean) {
  const space = useSpace();
  const path = `/v1/spaces/${encodeURIComponent(space)}/subscriptions/${encodeURIComponent(sub)}/preview`;
  return useQuery({
    queryKey: ['preview', space, sub, input],
    queryFn: () => call<Trial>('POST', path, input),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

function EventSelect({ value, onChange }: { value: string; onChange: (event: string) => void }) {
  const space = useSpace();
  const newest = useQuery({
    queryKey: ['events', space, 'newest'],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/events', { params: { path: { space }, query: { limit: 50 } } })),
    staleTime: 10_000,
  });
  const choices = (newest.data?.data ?? []).map(({ id, uid, type, occurredAt }) => ({
    value: id,
    label: visible(`${type} · ${localTime(occurredAt)} · ${uid ?? id}`),
  }));
  const isListed = value === '' || choices.some((one) => one.value === value);
  return (
    <Select
      label="One of the newest events"
      placeholder="Choose one"
      searchable
      data={isListed ? choices : [{ value, label: value }, ...choices]}
      value={value === '' ? null : value}
      onChange={(event) => onChange(event ?? '')}
    />
  );
}

interface ExampleProps {
  wanted: string[];
  type: string | null;
  onType: (type: string | null) => void;
  data: string;
  onData: (data: string) => void;
  error: string | undefined;
}

function Example({ wanted, type, onType, data, onData, error }: ExampleProps) {
  const types = useEventTypes();
  const names = (types.data ?? []).map(({ name }) => name);
  // What it wants comes first; the others show why they are not sent.
  const sorted = [
    ...names.filter((name) => wants(wanted, name)),
    ...names.filter((name) => !wants(wanted, name)),
  ];
  return (
    <>
      <Select
        label="Event type"
        searchable
        data={sorted.map((name) => ({ value: name, label: visible(name) }))}
        value={type}
        onChange={onType}
      />
      <Textarea
        label="Data"
        description="A JSON object instead of the type’s example"
        autosize
        minRows={2}
        maxRows={12}
        error={error}
        value={data}
        onChange={(event) => onData(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
      />
    </>
  );
}

function Result({ trial }: { trial: Trial }) {
  const { wanted, held, reason, checks, requests } = trial;
  return (
    <>
      <Panel title="Verdict">
        <div className="stack stack-tight">
          <div className="row wrap" role="status">
            {wanted ? (
              <Badge tone={held ? 'hold' : 'good'}>{held ? 'Would be held' : 'Would be sent'}</Badge>
            ) : (
              <Badge tone="mute">Would not be sent</Badge>
            )}
            {!wanted && <Untrusted>{reasonInWords(reason)}</Untrusted>}
          </div>
          <ul className="plain-list" aria-label="Conditions of the subscription">
            {checks.map(({ check, path, holds }, index) => (
              <li key={index} className="row">
                <span className={holds ? 'ink-good' : 'ink-bad'}>{holds ? '✓' : '✗'}</span>
                <span>
                  {CHECKS[check]}{' '}
                  {path !== null && (
                    <code>
                      <Untrusted>{path}</Untrusted>
                    </code>
                  )}{' '}
                  {holds ? 'matches' : 'does not match'}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </Panel>
      {requests.map((request) => (
        <Request key={request.type} request={request} wanted={wanted} />
      ))}
    </>
  );
}

const CHECKS = { event_type: 'The event type', scope: 'The scope', filter: 'The filter on' } as const;

function Request({ request, wanted }: { request: Trial['requests'][number]; wanted: boolean }) {
  return (
    <Panel title={wanted ? 'Request' : 'Request, if it were sent'}>
      <div className="stack">
        <p className="flat mono break">
          {request.method} <Untrusted>{request.url}</Untrusted>
        </p>
        {request.problem !== null && (
          <div className="note note-bad">
            <Untrusted>{request.problem}</Untrusted>
          </div>
        )}
        {request.headers.length > 0 && <HeaderTable headers={request.headers} label="Request headers" />}
        {request.body !== null && <BodyView text={request.body} name="preview" />}
      </div>
    </Panel>
  );
}
