import type { Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';

interface Job {
  id: string;
  kind: string;
  status: string;
  total: number | null;
  done: number;
  createdAt: string;
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
        ...[job.id, job.kind, job.status, `${job.done}/${job.total ?? '?'}`, job.createdAt],
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
  action('show', 'show how far a job is', 'GET', '');
  action('cancel', 'stop a job; what it has made so far stays', 'POST', '/cancel');
}
