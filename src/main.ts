#!/usr/bin/env node
import { loadEnvFile } from './config/env-file.js';
import { readSettings } from './config/read-settings.js';
import { StartupError } from './config/startup-error.js';
import { type Posthorn, startPosthorn } from './start.js';

/** npm passes Ctrl-C on to a process that the terminal told already: that is still one wish. */
const SAME_WISH_MS = 500;

let stopRequestedAt: number | undefined;

async function main(): Promise<void> {
  loadEnvFile();
  const starting = startPosthorn(readSettings());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => requestStop(starting));
  }
  const posthorn = await starting;
  if (stopRequestedAt === undefined) announce(posthorn);
  await posthorn.lost;
}

function requestStop(starting: Promise<Posthorn>): void {
  const now = performance.now();
  if (stopRequestedAt === undefined) {
    stopRequestedAt = now;
    starting.then((posthorn) => posthorn.stop()).then(() => process.exit(0), fail);
  } else if (now - stopRequestedAt > SAME_WISH_MS) {
    process.exit(1);
  }
}

function announce({ url, adminKeyFile, settings }: Posthorn): void {
  const what = url ? `Posthorn listens on ${url}` : 'Posthorn delivers';
  const key = adminKeyFile && `, its admin key is in ${adminKeyFile}`;
  console.log(`${what} (role ${settings.role})${key ?? ''}`);
}

function fail(error: unknown): never {
  if (error instanceof StartupError)
    for (const problem of error.problems) console.error(`posthorn: ${problem}`);
  else console.error(error);
  process.exit(1);
}

main().catch(fail);
