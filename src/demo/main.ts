import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '../config/settings.js';
import { checkDemo } from './checks.js';
import { printTable } from './report.js';
import { runStory } from './story.js';
import { startPosthorn } from '../app/start.js';

/**
 * `npm run demo`: the main job end to end, checking itself. Its own engine on free ports, real receivers that verify
 * every request, every native event; exit code 0 only when everything was as promised.
 */

const folder = mkdtempSync(join(tmpdir(), 'posthorn-demo-'));
// Root's database runs as another user, who has to get in.
chmodSync(folder, 0o711);
const settings = Object.assign(new Settings(), {
  port: 0,
  dataDir: folder,
  allowHttp: true,
  allowTargets: ['127.0.0.0/8'],
  shutdownGraceMs: 2_000,
  logLevel: 'warn',
});

console.log('Starting the engine with an embedded PostgreSQL …');
const posthorn = await startPosthorn(settings);
try {
  const outcome = await runStory(posthorn);
  printTable(outcome);
  const failures = checkDemo(outcome);
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  if (failures.length === 0) {
    console.log('\nEverything was delivered, verified and accounted for.');
  }
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await posthorn.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
