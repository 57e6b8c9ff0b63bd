import { Button, Modal, MultiSelect, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { useJob } from '../api/jobs.js';
import { useEventTypes } from '../catalogue/event-types.js';
import { useAction } from '../parts/action.js';
import { AsyncSelect } from '../parts/async-select.js';
import { PaceSelect } from '../parts/job-pace.js';
import { JobProgress, UNDO_SECONDS } from '../parts/job-progress.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { fieldTime, momentOf } from '../text/time-zone.js';
import { visible } from '../text/untrusted.js';
import { useSubscriptionChoices, useSubscriptionName, type Subscription } from './subscriptions.js';

const STATUSES = [
  { value: 'failed', label: 'failed' },
  { value: 'cancelled', label: 'cancelled' },
  { value: 'skipped', label: 'skipped' },
  { value: 'expired', label: 'expired' },
  { value: 'none', label: 'never sent to it' },
  { value: 'succeeded', label: 'succeeded' },
];
const MISSED = ['failed', 'cancelled', 'skipped', 'expired', 'none'];
const DAY = 86_400_000;
const PAUSE_MS = 500;

interface Wanted {
  since: string;
  until: string;
  statuses: string[];
  types: string[];
  /** `sub_…`; null: this endpoint. */
  target: string | null;
}

/** Sends past events to this endpoint again, or to another one, after saying how many. */
export default function Replay({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const params = { path: { space: useSpace(), sub: subscription.id } };
  const [wanted, setWanted] = useState<Wanted>(() => ({
    since: fieldTime(Date.now() - DAY),
    until: '',
    statuses: MISSED,
    types: [],
    target: null,
  }));
  const [perSecond, setPerSecond] = useState<number | null>(null);
  const change = (some: Partial<Wanted>) => setWanted((before) => ({ ...before, ...some }));
  const run = (dryRun: boolean) =>
    body(
      POST('/v1/spaces/{space}/subscriptions/{sub}/replay', {
        params,
        body: {
          ...inputOf(wanted),
          dryRun,
          ...(!dryRun && { delaySeconds: UNDO_SECONDS, ...(perSecond !== null && { perSecond }) }),
        } as Schemas['ReplayInput'],
      }),
    );
  const replay = useAction(() => run(false), { touches: ['deliveries', 'overview', 'health'] });
  const found = useCount(wanted, () => run(true), replay.data === undefined);
  return (
    <Modal opened onClose={close} title="Replay" size="lg">
      {replay.data ? (
        <JobProgress job={replay.data.id} />
      ) : (
        <div className="stack">
          <p className="flat">Past events are sent again, with their original ids.</p>
          <Which wanted={wanted} change={change} />
          <PaceSelect label="Pace" value={perSecond} onChange={setPerSecond} />
          {found.error && <ProblemNote error={found.error} />}
          <div className="row wrap">
            <strong role="status">{found.words}</strong>
            <Button
              className="push"
              disabled={!found.count}
              loading={replay.isPending}
              onClick={() => replay.mutate()}
            >
              Replay {found.count ? found.count.toLocaleString() : ''}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

interface WhichProps {
  wanted: Wanted;
  change: (some: Partial<Wanted>) => void;
}

/** Which events, and where they go. */
function Which({ wanted, change }: WhichProps) {
  const types = useEventTypes();
  const name = visible(useSubscriptionName(wanted.target ?? ''));
  return (
    <>
      <div className="replay-times">
        <TextInput
          type="datetime-local"
          label="Published since"
          value={wanted.since}
          onChange={(event) => change({ since: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label="Until"
          description="Empty: now"
          value={wanted.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
      </div>
      <MultiSelect
        size="xs"
        label="That were"
        data={STATUSES}
        value={wanted.statuses}
        onChange={(statuses) => change({ statuses })}
      />
      <TagsInput
        size="xs"
        label="Of these types"
        description="Names, or patterns such as lead.*; empty: all that it wants"
        data={types.data?.map(({ name }) => name) ?? []}
        value={wanted.types}
        onChange={(chosen) => change({ types: chosen })}
      />
      <AsyncSelect
        label="Sent to"
        placeholder="This endpoint"
        clearable
        chosen={wanted.target === null ? null : { value: wanted.target, label: name }}
        useChoices={useSubscriptionChoices}
        onChange={(target) => change({ target })}
      />
    </>
  );
}

/** As the API takes it; null: something is missing. */
function inputOf({ since, until, statuses, types, target }: Wanted) {
  return {
    since: momentOf(since),
    ...(until !== '' && { until: momentOf(until) }),
    statuses,
    ...(types.length > 0 && { eventTypes: types }),
    ...(target !== null && { target }),
  };
}

/** Counts by itself, a moment after the last change. */
function useCount(wanted: Wanted, count: () => Promise<{ id: string }>, enabled: boolean) {
  const key = JSON.stringify(inputOf(wanted));
  const [settled] = useDebouncedValue(key, PAUSE_MS);
  const isClear =
    momentOf(wanted.since) !== null &&
    (wanted.until === '' || momentOf(wanted.until) !== null) &&
    wanted.statuses.length > 0;
  const counting = useQuery({
    queryKey: ['replay-count', settled],
    queryFn: count,
    enabled: enabled && isClear && settled === key,
    retry: false,
    gcTime: 0,
  });
  const job = useJob(counting.data?.id ?? null);
  const done = settled === key && job.data && job.data.finishedAt !== null ? job.data : undefined;
  const total = done && (done.total ?? 0);
  return { count: total, words: wordsFor(isClear, total, job.data?.skipped ?? 0), error: counting.error };
}

function wordsFor(isClear: boolean, total: number | undefined, skipped: number): string {
  if (!isClear) return 'Choose a time and at least one kind of event.';
  if (total === undefined) return 'Counting…';
  const gone = skipped > 0 ? `, ${skipped.toLocaleString()} more have no data any more` : '';
  return `${total.toLocaleString()} ${total === 1 ? 'event' : 'events'}${gone}`;
}
