import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../scripts/ensure-built.mjs');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'posthorn-built-'));
  cpSync(SCRIPT, join(root, 'scripts/ensure-built.mjs'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(name: string, text = '', at?: Date): void {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (at) utimesSync(file, at, at);
}

const run = (event: string) =>
  spawnSync(process.execPath, ['scripts/ensure-built.mjs'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, npm_lifecycle_event: event },
  });

/** A build from before the lock file was written again, as `npm prune --omit=dev` does it, with Vite still there. */
function pruned(): void {
  const before = new Date('2026-01-01');
  for (const made of [
    'src/main.js',
    'bundle/serve.cjs',
    'web/index.html',
    'web/portal.html',
    '.built',
    '.bundled',
    '.built-web',
    '.built-portal',
  ])
    put(`dist/${made}`, '', before);
  put('src/main.ts', '', before);
  for (const folder of ['src', 'dist']) utimesSync(join(root, folder), before, before);
  put('package-lock.json');
  put('node_modules/vite/bin/vite.js', 'process.exit(1)');
  put('node_modules/rolldown/package.json', '{}');
}

it('leaves a build as it is where the dev dependencies were removed', () => {
  pruned();
  expect(run('dependencies')).toMatchObject({ status: 0, stderr: '' });
  expect(run('prestart')).toMatchObject({ status: 0, stderr: '' });
});

it('builds what is older than its sources where they are there', () => {
  pruned();
  mkdirSync(join(root, 'node_modules/@mantine/core'), { recursive: true });
  expect(run('dependencies')).toMatchObject({ status: 1, stderr: 'Building the dashboard…\n' });
});
