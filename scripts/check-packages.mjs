// Checks what would be published: versions in step, engines that fit the dependencies, no scripts at installation, and
// each tarball as publint and Are The Types Wrong see it, for ES modules, CommonJS and resolution without `exports`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import semver from 'semver';
import { buildPackages, packageNames } from './build-packages.mjs';

const root = join(import.meta.dirname, '..');
const folders = [root, ...packageNames().map((name) => join(root, 'packages', name))];
const read = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const { version } = read(root, 'package.json');
const lock = read(root, 'package-lock.json').packages;

/** Scripts that npm runs where a package is installed from the registry. */
const AT_INSTALLATION = ['preinstall', 'install', 'postinstall'];

function manifestFaults({ name, private: isPrivate, version: own, scripts = {}, engines, ...manifest }) {
  const faults = [];
  if (isPrivate) faults.push('it is private');
  if (own !== version) faults.push(`its version is ${own}, not ${version}`);
  for (const script of AT_INSTALLATION) if (script in scripts) faults.push(`it has the script ${script}`);
  const ours = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const [used, range] of Object.entries(ours)) {
    if (/^(@posthorn\/|posthorn$)/.test(used) && range !== version)
      faults.push(`it wants ${used} ${range}, not ${version}`);
  }
  for (const [used, { wants }] of closure(manifest.dependencies ?? {})) {
    if (!semver.subset(engines.node, wants))
      faults.push(`its engines ${engines.node} are not all in ${used}'s ${wants}`);
  }
  return faults.map((fault) => `${name}: ${fault}`);
}

/** What is installed with a package, as far as it says which Node it needs. */
function closure(dependencies, found = new Map()) {
  for (const name of Object.keys(dependencies)) {
    const entry = lock[`node_modules/${name}`];
    if (!entry || found.has(name)) continue;
    const real = entry.link ? lock[entry.resolved] : entry;
    found.set(name, { wants: real.engines?.node ?? '*' });
    closure(real.dependencies ?? {}, found);
  }
  return found;
}

function pack(folder, into) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const output = execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = JSON.parse(output);
  const [{ filename, size, entryCount }] = Array.isArray(packed) ? packed : Object.values(packed);
  return { file: join(into, filename.replace('@', '').replace('/', '-')), size, entryCount };
}

async function tarballFaults(name, file, manifest) {
  const data = readFileSync(file);
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages } = await publint({ pack: { tarball } });
  const { problems = [], types } = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  return [
    ...messages
      .filter(({ type }) => type !== 'suggestion')
      .map((message) => formatMessage(message, manifest)),
    ...(types === false ? ['it has no types'] : []),
    ...problems.map(({ kind, entrypoint, resolutionKind }) =>
      [kind, entrypoint, resolutionKind].filter(Boolean).join(' '),
    ),
  ].map((fault) => `${name}: ${fault}`);
}

buildPackages();
const into = mkdtempSync(join(tmpdir(), 'posthorn-pack-'));
const faults = [];
try {
  for (const folder of folders) {
    const manifest = read(folder, 'package.json');
    const { file, size, entryCount } = pack(folder, into);
    console.log(`${manifest.name}@${manifest.version}: ${entryCount} files, ${Math.ceil(size / 1024)} KiB`);
    faults.push(...manifestFaults(manifest), ...(await tarballFaults(manifest.name, file, manifest)));
  }
} finally {
  rmSync(into, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
