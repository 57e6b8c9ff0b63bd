// Builds dist/ when it is missing or older than the sources. Run by `prepare`, `npm start`, `npm run dev`,
// `npm run demo` and `npm test`, so a fresh clone and an edited one both just work.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist', '.built');
const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

const sources = ['src', 'migrations', 'tsconfig.json', 'nest-cli.json', 'package.json'].map((name) =>
  join(root, name),
);
const hasSources = existsSync(join(root, 'src'));
const startedAt = new Date();
if (!hasSources || (existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...sources.map(newest))))
  process.exit(0);
if (!existsSync(nest)) {
  if (existsSync(join(root, 'dist', 'src', 'main.js'))) process.exit(0);
  console.error(
    'posthorn: dist/ is missing and the build tools are not installed. Run `npm ci` (with dev dependencies).',
  );
  process.exit(process.env.npm_lifecycle_event === 'prepare' ? 0 : 1);
}
const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
if (status === 0) {
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
}
process.exit(status ?? 1);
