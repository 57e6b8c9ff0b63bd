import type { Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';
import { asNumber } from './option-values.js';

interface Job {
  id: string;
  kind: string;
  status: string;
  total: number | null;
  done: number;
  perSecond: number | null;
  pausedAt: string | null;
  createdAt: string;
}

async function changeJob(command: Command, job: string, body: object): Promise<void> {
  const context = new Context(command);
  const path = context.inSpace(`/jobs/${encodeURIComponent(job)}`);
  context.show(await context.client.call<object>('PATCH', path, body));
}

/** `posthorn jobs …` */
export function addJobCommands(program: Command): void {
  const jobs = program.command('jobs').description('replays and retries of many deliveries');
  jobs
    .command('list')
    .description('list jobs, newest first')
    .option('--limit <n>', 'how many', '20')
    .action(async ({ limit }: { limit: string }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({ limit }).toString();
      const page = await context.client.call<Page<Job>>('GET', context.inSpace(`/jobs?${query}`));
      context.table(page, ['ID', 'KIND', 'STATUS', 'DONE', 'CREATED'], (job) => [
        ...[
          job.id,
          job.kind,
          job.pausedAt === null ? job.status : 'paused',
          `${job.done}/${job.total ?? '?'}`,
          job.createdAt,
        ],
      ]);
    });
  const action = (name: string, description: string, method: string, rest: string) =>
    jobs
      .command(`${name} <job>`)
      .description(description)
      .action(async (job: string, _options, command: Command) => {
        const context = new Context(command);
        const path = context.inSpace(`/jobs/${encodeURIComponent(job)}${rest}`);
        context.show(await context.client.call<object>(method, path));
      });
  action('show', 'show the progress of a job', 'GET', '');
  action('cancel', 'stop a job; what it has done so far stays', 'POST', '/cancel');
  const change = (name: string, description: string, body: object) =>
    jobs
      .command(`${name} <job>`)
      .description(description)
      .action((job: string, _options, command: Command) => changeJob(command, job, body));
  change('pause', 'pause a job', { paused: true });
  change('continue', 'continue a paused job', { paused: false });
  jobs
    .command('pace <job>')
    .description('limit a job to so many deliveries a second; "none": no limit')
    .argument('<perSecond>', 'a whole number, or none', (text) => (text === 'none' ? null : asNumber(text)))
    .action((job: string, perSecond: number | null, _options, command: Command) =>
      changeJob(command, job, { perSecond }),
    );
}
