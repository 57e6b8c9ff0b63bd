import { Button, Progress } from '@mantine/core';
import { ListChecks } from 'lucide-react';
import { Link } from 'wouter';
import { body, GET, POST, type Schemas } from '../api/client.js';
import { useJob } from '../api/jobs.js';
import { useFilters } from '../navigation/hash-location.js';
import { useAction } from '../parts/action.js';
import { EmptyState } from '../parts/empty-state.js';
import { JobPace } from '../parts/job-pace.js';
import { Page, Panel } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { RecordList } from '../parts/record-list.js';
import { Badge } from '../parts/status.js';
import { usePermissions } from '../session/session.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { Time } from '../text/time.js';
import { progressOf, stateOf } from './job-words.js';
import './jobs.css';

type Job = Schemas['JobView'];

const FRESH_MS = 2_000;
const idOf = ({ id }: Job) => id;

const KINDS: Record<Job['kind'], string> = {
  replay: 'Replay of past events',
  retry: 'Retry of deliveries',
  drain: 'Delivery of what was held',
  erase: 'Erasure',
};

/** Replays, bulk retries and erasures of this space, newest first. */
export default function JobsPage() {
  const space = useSpace();
  const [{ job: sought }] = useFilters(['job'] as const);
  const jobs = usePaged<Job>({
    key: ['jobs', space],
    load: (cursor) => {
      const query = { limit: 50, ...(cursor !== null && { cursor }) };
      return body(GET('/v1/spaces/{space}/jobs', { params: { path: { space }, query } }));
    },
    keyOf: idOf,
    refreshMs: FRESH_MS,
  });
  return (
    <Page
      title="Jobs"
      name="Jobs"
      about="Replays, bulk retries and erasures: what workers do in the background."
    >
      {sought !== undefined && <Sought job={sought} />}
      <RecordList
        label="Jobs"
        of={jobs}
        empty={
          <EmptyState icon={<ListChecks size={18} />} title="No job yet">
            A replay of an endpoint or a retry of many deliveries appears here with its progress.
          </EmptyState>
        }
        line={(job) => <Line key={job.id} job={job} />}
      />
    </Page>
  );
}

/** The job that one has searched for, however old it is. */
function Sought({ job: id }: { job: string }) {
  const link = useSpaceLink();
  const job = useJob(id);
  return (
    <Panel title="This job" flush actions={<Link href={link('jobs')}>All jobs</Link>}>
      {job.error && <ProblemNote error={job.error} />}
      {job.data && (
        <ul className="records" aria-label="This job">
          <Line job={job.data} />
        </ul>
      )}
    </Panel>
  );
}

function Line({ job }: { job: Job }) {
  const { id, kind, dryRun, createdAt, finishedAt } = job;
  const { help } = usePermissions();
  const link = useSpaceLink();
  const { share, words } = progressOf(job);
  const [tone, state] = stateOf(job);
  return (
    <li className="stack stack-tight">
      <div className="row wrap record-head">
        <Badge tone={tone}>{state}</Badge>
        <strong>
          {KINDS[kind]}
          {dryRun && ', counting only'}
        </strong>
        {job.subscriptionId !== null && (
          <Link href={link(`subscriptions/${job.subscriptionId}`)}>its subscription</Link>
        )}
        {kind === 'erase' && <Link href={link('privacy')}>its record</Link>}
        <span className="quiet push">
          <Time at={createdAt} />
        </span>
      </div>
      {finishedAt === null && <Progress value={share} aria-label={`Progress of ${id}`} />}
      <div className="row wrap">
        <span className="quiet numbers">{words}</span>
        <code className="quiet small break job-id">{id}</code>
        {help && finishedAt === null && kind !== 'erase' && <Controls job={job} />}
      </div>
    </li>
  );
}

function Controls({ job }: { job: Job }) {
  const params = { path: { space: useSpace(), job: job.id } };
  const cancel = useAction(() => POST('/v1/spaces/{space}/jobs/{job}/cancel', { params }), {
    touches: ['jobs', 'job'],
    done: 'The job is cancelled. What it has done stays.',
  });
  return (
    <div className="row wrap push">
      <JobPace job={job} />
      <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
        Stop
      </Button>
    </div>
  );
}
