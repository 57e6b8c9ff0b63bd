import { InvalidArgumentError, Option, type Command } from 'commander';
import { readCliSettings } from '../../config/cli-settings.js';
import { CliFailure } from '../cli-failure.js';
import { Context } from '../context.js';
import { fromConvoy } from './convoy.js';
import { fromHook0 } from './hook0.js';
import type { ImportSource } from './import-plan.js';
import { ImportRun, type ImportResult } from './import-run.js';
import { fromOutpost } from './outpost.js';
import { RequestThrottle, SourceClient } from './source-client.js';
import { fromSvix } from './svix.js';
import { fromFile } from './table-file.js';

interface Options {
  dryRun?: boolean;
  rate: number;
  signature?: string;
  signatureHeader?: string;
}
interface ApiOptions extends Options {
  from: string;
  fromKey?: string;
}

const SKIPPED = 'skipped';

/** `posthorn import …` */
export function addImportCommands(program: Command): void {
  const all = program
    .command('import')
    .description('import tenants, endpoints and secrets from another system (admin key)');
  api(all.command('svix'), 'Svix', 'https://api.eu.svix.com').action(
    (options: ApiOptions, command: Command) =>
      run(command, options, (pace) => fromSvix(clientOf(options, pace))),
  );
  api(all.command('outpost'), 'Outpost', 'http://localhost:3333/api/v1').action(
    (options: ApiOptions, command: Command) =>
      run(command, options, (pace) => fromOutpost(clientOf(options, pace))),
  );
  api(all.command('convoy'), 'Convoy', 'https://us.getconvoy.cloud')
    .requiredOption('--project <id>', 'the id of the project')
    .action((options: ApiOptions & { project: string }, command: Command) =>
      run(command, options, (pace) => fromConvoy(clientOf(options, pace), options.project)),
    );
  api(all.command('hook0'), 'Hook0', 'https://app.hook0.com')
    .requiredOption('--organization <id>', 'the id of the organization')
    .action((options: ApiOptions & { organization: string }, command: Command) =>
      run(command, options, (pace) => fromHook0(clientOf(options, pace), options.organization)),
    );
  const file = (command: Command) =>
    shared(command).action((path: string, options: Options, own: Command) => {
      const space = own.optsWithGlobals<{ space?: string }>().space ?? readCliSettings().space;
      return run(own, options, () => fromFile(path, space));
    });
  file(all.command('csv <file>').description('import a CSV or JSON file: each row is an endpoint'));
  file(
    all
      .command('nestjs-webhooks <file>')
      .description('import the table of endpoints of nestjs-webhooks, as CSV or JSON'),
  );
}

function api(command: Command, name: string, from: string): Command {
  return shared(command)
    .description(`import from the API of ${name}`)
    .option('--from <url>', 'address of its API', from)
    .option('--from-key <key>', 'key for its API; else POSTHORN_IMPORT_KEY');
}

function shared(command: Command): Command {
  const rate = new Option(
    '--rate <n>',
    'at most so many requests a second, to each of the two systems',
  ).default(20);
  return command
    .option('--dry-run', 'change nothing; report what would be done')
    .option(
      '--signature <style>',
      'how its requests are signed, such as outpost-0.12; "standard": by Standard Webhooks only',
    )
    .option('--signature-header <name>', 'the header of the signature, or the prefix of all its headers')
    .addOption(rate.argParser(wholeNumber));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 to 9999.');
  return Number(text);
}

function clientOf({ from, fromKey }: ApiOptions, throttle: RequestThrottle): SourceClient {
  const key = fromKey ?? readCliSettings().importKey;
  if (key === '')
    throw new CliFailure(['Pass the key of the other system with --from-key, or set POSTHORN_IMPORT_KEY.']);
  return new SourceClient(from, key, throttle);
}

/** Imports one thing after the other, and reports. Exits with 1 when something was skipped. */
async function run(
  command: Command,
  options: Options,
  open: (throttle: RequestThrottle) => ImportSource,
): Promise<void> {
  const { dryRun = false, rate } = options;
  const context = new Context(command);
  const { signature: style, signatureHeader: header } = options;
  const chosen = { ...(style !== undefined && { style }), ...(header !== undefined && { header }) };
  const importing = new ImportRun(context.client, new RequestThrottle(rate), dryRun, chosen);
  const results: ImportResult[] = [];
  for await (const item of open(new RequestThrottle(rate))) results.push(await importing.importOne(item));
  const skipped = results.filter(({ outcome }) => outcome === SKIPPED);
  context.print({ dryRun, results }, [
    ...results
      .filter(({ notes = [] }) => notes.length > 0)
      .map(({ what, notes = [] }) => `${what}: ${notes.join(' ')}`),
    ...KINDS.map((kind) => sentenceOf(kind, results, dryRun)),
    ...(dryRun ? ['Nothing was changed.'] : []),
  ]);
  if (skipped.length === 0) return;
  throw new CliFailure([
    `${skipped.length} skipped. Repair them, then run it again: what exists is left as it is.`,
    ...skipped.map(({ kind, what, reason = '' }) => `  ${kind} ${what}: ${reason}`),
  ]);
}

const KINDS: ImportResult['kind'][] = ['event type', 'space', 'subscription'];

function sentenceOf(kind: ImportResult['kind'], results: ImportResult[], isDryRun: boolean): string {
  const count = (outcome: ImportResult['outcome']) =>
    results.filter((result) => result.kind === kind && result.outcome === outcome).length;
  const made = isDryRun ? 'would be created' : 'created';
  return `${kind}s: ${count('created')} ${made}, ${count('exists')} existed already, ${count(SKIPPED)} skipped`;
}
