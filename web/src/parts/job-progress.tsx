import { Button, Progress } from '@mantine/core';
import { POST } from '../api/client.js';
import { useJob } from '../api/jobs.js';
import { useSpace } from '../session/space.js';
import { useAction } from './action.js';
import { ProblemNote } from './problem-note.js';

/** How far a job is, with a way to stop it. */
export function JobProgress({ job }: { job: string }) {
  const space = useSpace();
  const state = useJob(job);
  const cancel = useAction(
    () => POST('/v1/spaces/{space}/jobs/{job}/cancel', { params: { path: { space, job } } }),
    {
      touches: ['job'],
    },
  );
  if (state.error) return <ProblemNote error={state.error} />;
  const { total, done, status, finishedAt } = state.data ?? {
    total: null,
    done: 0,
    status: 'starting',
    finishedAt: null,
  };
  const share = total === null || total === 0 ? (finishedAt === null ? 0 : 100) : (done / total) * 100;
  return (
    <div className="stack stack-tight" role="status">
      <Progress value={share} aria-label="Progress" />
      <div className="row">
        <span className="numbers">
          {done.toLocaleString()} {total === null ? '' : `of ${total.toLocaleString()}`} · {status}
        </span>
        {state.data && finishedAt === null && (
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
    </div>
  );
}
