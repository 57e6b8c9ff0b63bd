// Starts the CRM with nothing but this repository: builds what it needs, runs a PostgreSQL in the folder .data unless
// DATABASE_URL names one, and a receiver that shows each webhook as it arrives. Your application needs none of it.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackages } from '../../scripts/build-packages.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const data = join(here, '.data');

console.log('Building…');
buildPackages(['nestjs', 'dashboard', 'receiver']);
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', here], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

/** A secret that stays the same: what is sealed with a key can be read with that key only. */
function kept(name) {
  mkdirSync(data, { recursive: true, mode: 0o711 });
  const file = join(data, name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function startDatabase() {
  const { DataFolder } = await import('../../dist/src/database/data-folder.js');
  const { EmbeddedPostgres } = await import('../../dist/src/database/embedded-postgres.js');
  console.log('Starting PostgreSQL…');
  const folder = await DataFolder.open(data);
  const postgres = await EmbeddedPostgres.start(folder);
  const stop = async () => {
    await postgres.stop();
    folder.release();
  };
  return { url: postgres.url, stop };
}

const secret = `whsec_${kept('receiver-secret')}`;
const { startReceiver } = await import('./receiver.mjs');
const receiver = await startReceiver(secret).catch((error) => {
  console.error(`The receiver cannot listen: ${error.message}. RECEIVER_PORT chooses another port.`);
  process.exit(1);
});
const database = process.env.DATABASE_URL === undefined ? await startDatabase() : undefined;
const crm = spawn(process.execPath, [join(here, 'dist/main.js')], {
  stdio: 'inherit',
  // A group of its own: Ctrl-C reaches this process, which stops the CRM first and the database last.
  detached: true,
  env: {
    POSTHORN_ENCRYPTION_KEYS: kept('encryption-key'),
    RECEIVER_URL: receiver.url,
    RECEIVER_SECRET: secret,
    ...(database && { DATABASE_URL: database.url }),
    ...process.env,
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => crm.kill('SIGTERM'));
crm.once('exit', (code) => {
  void (async () => {
    receiver.close();
    await database?.stop();
    process.exit(code ?? 0);
  })();
});
