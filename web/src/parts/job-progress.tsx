import { Button, Progress } from '@mantine/core';
import { POST, type Schemas } from '../api/client.js';
import { useJob } from '../api/jobs.js';
import { useSpace } from '../session/space.js';
import { useAction } from './action.js';
import { JobPace } from './job-pace.js';
import { ProblemNote } from './problem-note.js';

type Job = Schemas['JobView'];

/** Seconds in which what the dashboard starts can be taken back. */
export const UNDO_SECONDS = 5;

/** How far a job is, with ways to take it back, slow it down, pause and stop it. */
export function JobProgress({ job }: { job: string }) {
  const space = useSpace();
  const state = useJob(job);
  const cancel = useAction(
    () => POST('/v1/spaces/{space}/jobs/{job}/cancel', { params: { path: { space, job } } }),
    { touches: ['job', 'jobs', 'endpoint'] },
  );
  if (state.error) return <ProblemNote error={state.error} />;
  const { data } = state;
  const isOpen = data !== undefined && data.finishedAt === null;
  return (
    <div className="stack stack-tight">
      <Progress value={data ? shareOf(data) : 0} aria-label="Progress" />
      <div className="row wrap">
        <span className="numbers" role="status">
          {data ? inWords(data) : 'Starting'}
        </span>
        {isOpen && (
          <div className="row wrap push">
            {data.kind !== 'erase' && <JobPace job={data} />}
            <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {stopWord(data)}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function shareOf({ total, done, finishedAt }: Job): number {
  if (total === null || total === 0) return finishedAt === null ? 0 : 100;
  return Math.min(100, (done / total) * 100);
}

function stopWord({ kind, done }: Job): string {
  if (kind === 'drain') return 'Send the rest at once';
  return done === 0 ? 'Undo' : 'Stop';
}

function inWords({ total, done, status, pausedAt, kind }: Job): string {
  const count = `${done.toLocaleString()}${total === null ? '' : ` of ${total.toLocaleString()}`}`;
  if (pausedAt !== null) return `${count} · paused`;
  if (status === 'pending') return 'Begins in a moment; nothing is sent yet';
  if (status === 'running' && total === null) return 'Counting; nothing is sent yet';
  if (status === 'cancelled' && done === 0 && kind !== 'drain')
    return 'Cancelled before it began: nothing was sent';
  return `${count} · ${status}`;
}
