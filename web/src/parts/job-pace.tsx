import { Button } from '@mantine/core';
import { Pause, Play } from 'lucide-react';
import { PATCH, type Schemas } from '../api/client.js';
import { useSpace } from '../session/space.js';
import { useAction } from './action.js';
import { Select } from './select.js';

type Job = Pick<Schemas['JobView'], 'id' | 'perSecond' | 'pausedAt'>;

const PACES = [1, 5, 20, 100, 500];
const FASTEST = 'fastest';

/** The paces to choose from, with another one that a job has. */
function paceChoices(perSecond: number | null) {
  const paces = perSecond === null || PACES.includes(perSecond) ? PACES : [perSecond, ...PACES];
  return [
    { value: FASTEST, label: 'No limit' },
    ...paces.map((pace) => ({ value: String(pace), label: `${pace.toLocaleString()} a second` })),
  ];
}

function paceOf(value: string | null): number | null {
  return value === null || value === FASTEST ? null : Number(value);
}

export function PaceSelect({
  value,
  onChange,
  ...props
}: {
  value: number | null;
  onChange: (perSecond: number | null) => void;
  label?: string;
  'aria-label'?: string;
  disabled?: boolean;
}) {
  return (
    <Select
      {...props}
      data={paceChoices(value)}
      value={value === null ? FASTEST : String(value)}
      onChange={(chosen) => onChange(paceOf(chosen))}
    />
  );
}

/** How fast a job under way goes, and whether it waits: both can be changed at any time. */
export function JobPace({ job }: { job: Job }) {
  const params = { path: { space: useSpace(), job: job.id } };
  const change = useAction(
    (body: Schemas['JobChanges']) => PATCH('/v1/spaces/{space}/jobs/{job}', { params, body }),
    { touches: ['job', 'jobs'] },
  );
  const isPaused = job.pausedAt !== null;
  return (
    <>
      <Button
        variant="default"
        leftSection={isPaused ? <Play size={13} /> : <Pause size={13} />}
        loading={change.isPending}
        onClick={() => change.mutate({ paused: !isPaused })}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <PaceSelect
        aria-label="Pace"
        value={job.perSecond}
        onChange={(perSecond) => change.mutate({ perSecond })}
      />
    </>
  );
}
