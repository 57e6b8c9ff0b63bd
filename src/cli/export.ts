import type { Command } from 'commander';
import { CliFailure } from './cli-failure.js';
import { Context } from './context.js';
import { exportToFile, exportToOutput } from './export-file.js';

interface Options {
  format: string;
  order: string;
  out?: string;
  resume?: boolean | string;
  body?: boolean;
  bom?: boolean;
  [filter: string]: string | boolean | undefined;
}

const FORMATS = ['csv', 'ndjson'];

/** `posthorn export …` */
export function addExportCommands(program: Command): void {
  const parent = program.command('export').description('export filtered data as CSV or NDJSON');
  const add = (name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .option('--format <format>', 'csv or ndjson', 'ndjson')
      .option('--order <order>', 'asc: oldest first; or desc', 'asc')
      .option('--type <type>', 'only of this event type')
      .option('--since <time>', 'only from this time on, ISO 8601')
      .option('--until <time>', 'only before this time')
      .option('--body', 'include the data of events, and the bodies and headers of attempts')
      .option('--bom', 'start a CSV file with a byte order mark, so that Excel reads it as UTF-8')
      .option('--out <file>', 'the file to write: <file>.part until it is complete; default: standard output')
      .option('--resume [file]', 'continue the unfinished file of an earlier run with the same options')
      .action((options: Options, command: Command) => run(name, options, command));
  const addOfDeliveries = (name: string, description: string) =>
    add(name, description)
      .option('--status <status>', 'only deliveries with this status')
      .option('--subscription <sub>', 'only of this subscription')
      .option('--event <event>', 'only of this event');
  addOfDeliveries('deliveries', 'deliveries, one for each event and subscription');
  addOfDeliveries('attempts', 'the requests that deliveries made');
  add('events', 'published events');
}

async function run(name: string, options: Options, command: Command): Promise<void> {
  const { out, resume, body, bom, ...filters } = options;
  if (!FORMATS.includes(options.format))
    throw new CliFailure([`--format is csv or ndjson, not ${options.format}.`]);
  const file = typeof resume === 'string' ? resume : out;
  if (resume !== undefined && file === undefined)
    throw new CliFailure(['--resume needs a file: pass --out <file>, or --resume <file>.']);
  const context = new Context(command);
  const query = { ...(filters as Record<string, string>), ...(body && { include: 'body' }) };
  const pathOf = (more: Record<string, string>) =>
    context.inSpace(`/exports/${name}?${new URLSearchParams({ ...query, ...more }).toString()}`);
  const source = { client: context.client, pathOf, isCsv: options.format === 'csv', bom: bom === true };
  if (file === undefined) return exportToOutput(source);
  const count = await exportToFile(source, file, resume !== undefined);
  context.printSentence(`${count} rows are in ${file}.`, { file, rows: count });
}
