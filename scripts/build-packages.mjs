// Builds packages/<name>/dist: ES modules and CommonJS, each with its types, by the compiler alone. Without names it
// builds all of them. A package whose build is newer than its sources is left as it is.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'packages');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const FORMATS = {
  esm: { type: 'module', options: ['--module', 'nodenext', '--moduleResolution', 'nodenext'] },
  cjs: { type: 'commonjs', options: ['--module', 'commonjs', '--moduleResolution', 'bundler'] },
};

const manifestOf = (name) => JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}

const everyName = () => readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));

/** These packages, or all, each after those of ours that it uses: their types have to be there. */
export function packageNames(names = everyName()) {
  const known = everyName();
  const sorted = new Set();
  const add = (name) => {
    const { dependencies, peerDependencies } = manifestOf(name);
    for (const used of Object.keys({ ...dependencies, ...peerDependencies })) {
      const other = used.replace(/^@posthorn\//, '');
      if (other !== used && other !== name && known.includes(other)) add(other);
    }
    sorted.add(name);
  };
  names.forEach(add);
  return [...sorted];
}

function isFresh(name) {
  const stamp = join(folder, name, 'dist', '.built');
  const sources = ['src', 'package.json', 'tsconfig.json'].map((entry) => join(folder, name, entry));
  // One with a build of its own is made of the engine's sources, or of the web app's.
  const web = ['web', 'packages/client/src', 'packages/react/src'];
  const made = name === 'dashboard' ? web : ['src', 'migrations'];
  if (ownBuild(name)) sources.push(join(folder, name, 'build'), ...made.map((entry) => join(root, entry)));
  const shared = ['packages/tsconfig.json', 'tsconfig.json'].map((entry) => join(root, entry));
  return existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...[...sources, ...shared].map(newest));
}

/** The script that builds a package in its own way; null: the compiler does. */
function ownBuild(name) {
  const script = join(folder, name, 'build', 'build.mjs');
  return existsSync(script) ? script : null;
}

function build(name) {
  const startedAt = new Date();
  const dist = join(folder, name, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const script = ownBuild(name);
  if (script) {
    const { status } = spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) return status ?? 1;
  }
  for (const [format, { type, options }] of script ? [] : Object.entries(FORMATS)) {
    const out = join(dist, format);
    const args = [compiler, '-p', join(folder, name), '--outDir', out, ...options];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) return status ?? 1;
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'package.json'), `${JSON.stringify({ type })}\n`);
  }
  const stamp = join(dist, '.built');
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  return 0;
}

/** Several test files may ask for the same package at once: the others wait for the one that builds it. */
function alone(name, work) {
  const lock = join(root, 'node_modules', '.cache', `building-${name}`);
  mkdirSync(join(lock, '..'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 120_000) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Builds these packages and those of ours that they use, or all of them, as far as their builds are stale. */
export function buildPackages(names) {
  for (const name of packageNames(names)) {
    if (isFresh(name)) continue;
    const status = alone(name, () => (isFresh(name) ? 0 : build(name)));
    if (status !== 0) throw new Error(`packages/${name} cannot be built.`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    buildPackages(process.argv.length > 2 ? process.argv.slice(2) : undefined);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
