#!/usr/bin/env node
import { loadEnvFile } from './config/env-file.js';
import { readSettings } from './config/read-settings.js';
import { runUntilStopped } from './run-until-stopped.js';
import { startPosthorn, type Posthorn } from './start.js';

function announce({ url, adminKeyFile, settings }: Posthorn): void {
  const what = url ? `Posthorn listens on ${url}` : 'Posthorn delivers';
  const key = adminKeyFile && `, its admin key is in ${adminKeyFile}`;
  console.log(`${what} (role ${settings.role})${key ?? ''}`);
}

await runUntilStopped(async () => {
  loadEnvFile();
  return startPosthorn(readSettings());
}, announce);
