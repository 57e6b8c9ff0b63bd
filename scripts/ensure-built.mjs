// Builds dist/ when it is missing or older than the sources: the engine with `nest build`,
// its bundle with Rolldown, the dashboard with Vite. Run
// by `npm ci`, `npm start`, `npm run dev`, `npm run demo` and `npm test`, so a fresh clone and an edited one both just
// work. `npm ci` runs it by npm's event `dependencies`: with `prepare`, `npx posthorn` in the clone would install a
// package with scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (...path) => join(root, 'node_modules', ...path);

const parts = [
  {
    name: 'engine',
    stamp: join(root, 'dist', '.built'),
    tool: bin('@nestjs', 'cli', 'bin', 'nest.js'),
    args: ['build'],
    made: join(root, 'dist', 'src', 'main.js'),
    sources: ['src', 'migrations', 'tsconfig.json', 'nest-cli.json', 'package.json'],
  },
  {
    name: 'bundle of the engine',
    stamp: join(root, 'dist', '.bundled'),
    tool: bin('rolldown', 'package.json'),
    script: join(root, 'scripts', 'bundle-engine.mjs'),
    args: [],
    // This tool, and Vite below, stay where others want them; these are only there with the dev dependencies.
    needs: bin('@nestjs', 'cli'),
    made: join(root, 'dist', 'bundle', 'serve.cjs'),
    sources: ['dist/.built', 'scripts/bundle-engine.mjs', 'scripts/cache-bundle.mjs', 'package-lock.json'],
  },
  {
    name: 'dashboard',
    stamp: join(root, 'dist', '.built-web'),
    tool: bin('vite', 'bin', 'vite.js'),
    args: ['build', 'web', '--logLevel', 'warn'],
    needs: bin('@mantine', 'core'),
    made: join(root, 'dist', 'web', 'index.html'),
    sources: ['web', 'package-lock.json'],
  },
  {
    // Into the same folder, which the dashboard's build empties.
    name: 'portal',
    stamp: join(root, 'dist', '.built-portal'),
    tool: bin('vite', 'bin', 'vite.js'),
    args: ['build', 'web', '--config', 'web/portal.config.ts', '--logLevel', 'warn'],
    needs: bin('react-dom'),
    made: join(root, 'dist', 'web', 'portal.html'),
    sources: ['web', 'packages/client/src', 'packages/react/src', 'package-lock.json'],
  },
];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

function isFresh({ stamp, sources, made }) {
  const changed = Math.max(...sources.map((name) => newest(join(root, name))));
  return existsSync(made) && existsSync(stamp) && statSync(stamp).mtimeMs >= changed;
}

function build({ name, stamp, tool, needs = tool, script = tool, args, made }) {
  if (!existsSync(tool) || !existsSync(needs)) {
    if (existsSync(made)) return 0;
    console.error(
      'posthorn: dist/ is missing and the build tools are not installed. Run `npm ci` (with dev dependencies).',
    );
    return process.env.npm_lifecycle_event === 'dependencies' ? 0 : 1;
  }
  console.error(`Building the ${name}…`);
  const startedAt = new Date();
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) return status ?? 1;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  return 0;
}

// A published package brings dist/ and no sources.
if (!existsSync(join(root, 'src'))) process.exit(0);
for (const part of parts) {
  if (isFresh(part)) continue;
  const status = build(part);
  if (status !== 0) process.exit(status);
}
