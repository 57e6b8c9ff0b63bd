import { format } from 'node:util';
import { loadEnvFile } from '../config/env-file.js';
import { StartupError } from '../config/startup-error.js';
import { readSettings, VARIABLES } from '../config/read-settings.js';
import { openLog } from '../telemetry/log-output.js';
import { runUntilStopped } from './run-until-stopped.js';
import { openOwnDatabase } from './own-database.js';
import type { Posthorn } from './start.js';

function announce({ url, healthUrl, adminKeyFile, settings }: Posthorn): void {
  const what = url ? `Posthorn listens on ${url}` : 'Posthorn delivers';
  const key = adminKeyFile && `, its admin key is in ${adminKeyFile}`;
  const health = healthUrl && `, its health and metrics are on ${healthUrl}`;
  console.log(`${what} (role ${settings.role})${key ?? ''}${health ?? ''}`);
}

/** `main.js migrate` would start an engine on the database that it was to migrate. */
function refuseArguments([first]: string[]): void {
  if (first === undefined) return;
  throw new StartupError(
    `The engine takes no arguments, and got ${JSON.stringify(first)}. Its settings are environment ` +
      `variables; commands such as migrate are those of \`npx posthorn\`.`,
  );
}

/** The engine itself: most of what is to be loaded. */
export const load = () => import('./start.js');

/** Runs the engine until a signal. */
export async function serve(): Promise<void> {
  await runUntilStopped(async () => {
    refuseArguments(process.argv.slice(2));
    for (const problem of loadEnvFile(VARIABLES)) console.error(`posthorn: ${problem}`);
    const settings = readSettings();
    const log = await openLog(settings);
    // ioredis and BullMQ print warnings to the console only; operators read the log.
    console.warn = (...args: unknown[]) => log.warn(format(...args), 'console');
    // The database starts while the engine is loaded.
    const opening = openOwnDatabase(settings, log);
    opening.catch(() => undefined);
    const { startPosthorn } = await load();
    return startPosthorn(settings, undefined, opening);
  }, announce);
}
