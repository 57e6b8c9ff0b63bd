import type { Command } from 'commander';
import { readYaml } from '../lib/read-yaml.js';
import { linesOf, planOf, readDeclared, type Existing, type PlanStep } from './apply-plan.js';
import { CliFailure } from './cli-failure.js';
import { Context } from './context.js';

interface Options {
  file: string;
  dryRun?: boolean;
  prune?: boolean;
}

/** `posthorn apply` */
export function addApplyCommand(program: Command): void {
  program
    .command('apply')
    .description("create and update the space's subscriptions from a file, by uid")
    .requiredOption('-f, --file <file>', 'YAML or JSON: {subscriptions: [{uid, url, events, …}]}')
    .option('--dry-run', 'only show what would change')
    .option('--prune', 'delete subscriptions whose uid is not in the file')
    .action(async ({ file, dryRun = false, prune = false }: Options, command: Command) => {
      const context = new Context(command);
      const declared = readDeclared(read(file));
      const steps = planOf(declared, await existingOf(context), prune);
      if (!dryRun) for (const step of steps) await carryOut(context, step);
      const count = (kind: PlanStep['kind']) => steps.filter((step) => step.kind === kind).length;
      const counts = { create: count('create'), update: count('update'), delete: count('delete') };
      const unchanged = declared.length - counts.create - counts.update;
      const sum = `${counts.create} new, ${counts.update} changed, ${counts.delete} deleted, ${unchanged} unchanged`;
      const lines = [...steps.flatMap(linesOf), `${sum}${dryRun ? ' (dry run: nothing was done)' : ''}`];
      const shown = steps.map(({ kind, uid }) => ({ kind, uid }));
      context.print({ dryRun, steps: shown, ...counts, unchanged }, lines);
    });
}

function read(file: string): unknown {
  try {
    return readYaml(file);
  } catch (error) {
    throw new CliFailure([(error as Error).message.split('\n')[0] ?? file]);
  }
}

async function existingOf(context: Context): Promise<Existing[]> {
  const { data } = await context.client.list<Existing>(context.inSpace('/subscriptions?limit=250&order=asc'));
  return data;
}

async function carryOut(context: Context, step: PlanStep): Promise<void> {
  const path = context.inSpace(`/subscriptions/${encodeURIComponent(step.uid)}`);
  if (step.kind === 'delete') return context.client.call('DELETE', path);
  if (step.kind === 'create') return context.client.call('PUT', path, step.fields);
  const { status, ...fields } = Object.fromEntries(step.differences.map(({ field, to }) => [field, to]));
  if (Object.keys(fields).length > 0) await context.client.call('PATCH', path, fields);
  if (status !== undefined)
    await context.client.call('POST', `${path}/${status === 'paused' ? 'pause' : 'resume'}`);
}
