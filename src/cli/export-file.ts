import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliFailure } from './cli-failure.js';
import type { Client } from './client.js';
import { RecordSplitter } from './export-records.js';
import { MAX_FAILURES, waitBeforeRetry } from './retry.js';

/** An export as a command asks for it. */
export interface ExportCall {
  client: Client;
  /** The path with further parameters. */
  pathOf: (more: Record<string, string>) => string;
  isCsv: boolean;
  bom: boolean;
}

/** Writes it to standard output. A cut one ends in a failure. */
export async function exportToOutput({ client, pathOf, bom }: ExportCall): Promise<void> {
  const response = await client.stream(pathOf(bom ? { bom: 'true' } : {}));
  try {
    await forEachPart(response, async (part) => {
      if (!process.stdout.write(part)) await once(process.stdout, 'drain');
    });
  } catch {
    throw new CliFailure([
      'The export was interrupted and its output is incomplete. Use --out, which retries and can be resumed.',
    ]);
  }
}

/**
 * Writes it to `<file>.part`, which gets its name when it is whole, and goes on by itself when the connection is cut.
 * Gives how many rows it has.
 */
export async function exportToFile(call: ExportCall, file: string, isResumed: boolean): Promise<number> {
  if (isResumed && (await exists(file)))
    throw new CliFailure([`${file} is complete already. Nothing was done.`]);
  const part = `${file}.part`;
  const records = new RecordSplitter(call.isCsv);
  // Final: what comes after a part that was not written would be behind a gap.
  const failed = (hint: string) => (error: unknown) => {
    throw new CliFailure([`${part} cannot be written: ${(error as Error).message}.${hint}`]);
  };
  const output = await open(part, isResumed ? 'a+' : 'w+').catch(failed(''));
  const write = (text: Buffer | string) =>
    output
      .appendFile(text)
      .catch(failed(' What it has is kept: make room, and run this again with --resume.'));
  try {
    if (isResumed) await readRest(part, output, records);
    await fetchRest(call, write, records);
    if (!call.isCsv) await write(`${JSON.stringify({ end: true, ...records.state() })}\n`);
    await output.sync();
  } finally {
    await output.close();
  }
  await rename(part, file);
  return records.state().count;
}

/** Reads what an earlier run wrote, and cuts off a record that was not written to its end. */
async function readRest(part: string, output: FileHandle, records: RecordSplitter): Promise<void> {
  for await (const bytes of createReadStream(part)) records.push(bytes as Buffer);
  await output.truncate(records.forgetRest());
}

type Write = (whole: Buffer) => Promise<void>;

async function fetchRest(call: ExportCall, write: Write, records: RecordSplitter): Promise<void> {
  const server = { isReached: false };
  for (let failures = 0; ;) {
    const before = records.state().count;
    try {
      await fetchOnce(call, write, records, () => (server.isReached = true));
      return;
    } catch (error) {
      const wait = waitBeforeRetry(error, failures, server);
      if (wait === null) throw error;
      failures = records.state().count > before ? 1 : failures + 1;
      if (failures > MAX_FAILURES)
        throw new CliFailure([
          `The export was interrupted ${failures} times. ${records.state().count} rows are kept: run it ` +
            'again with --resume.',
        ]);
      records.forgetRest();
      await sleep(wait);
    }
  }
}

/** Whole records only are written, so that the file can be gone on with at any time. */
async function fetchOnce(
  call: ExportCall,
  write: Write,
  records: RecordSplitter,
  onAnswer: () => void,
): Promise<void> {
  const { next } = records.state();
  const isFirst = next === null && !records.hasHeader;
  const response = await call.client.stream(
    call.pathOf({
      ...(next !== null && { after: next }),
      ...(call.isCsv && (isFirst ? call.bom && { bom: 'true' } : { header: 'false' })),
    }),
  );
  onAnswer();
  await forEachPart(response, async (part) => {
    const whole = records.push(part);
    if (whole.length > 0) await write(whole);
  });
  if (!records.isEnded) throw new TypeError('The export has no end marker.');
}

async function forEachPart(response: Response, take: (part: Buffer) => Promise<void>): Promise<void> {
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    await take(Buffer.from(read.value as Uint8Array));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
