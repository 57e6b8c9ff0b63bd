// Sets the version of a release wherever it is written: `node scripts/set-version.mjs 0.3.0`. npm's own command looks
// for the packages of this repository in the registry, where the new version is not yet.
import { readFileSync, writeFileSync } from 'node:fs';
import semver from 'semver';
import { packageNames } from './build-packages.mjs';

const [version] = process.argv.slice(2);
if (!semver.valid(version)) throw new Error('Name the version: node scripts/set-version.mjs 0.3.0');

const OURS = /^(posthorn$|@posthorn\/)/;
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
const folders = ['', ...packageNames().map((name) => `packages/${name}`)];

function change(file, edit) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  edit(content);
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function setVersion(manifest) {
  manifest.version = version;
  for (const kind of DEPENDENCIES)
    for (const name of Object.keys(manifest[kind] ?? {})) if (OURS.test(name)) manifest[kind][name] = version;
}

for (const folder of folders) change(`${folder || '.'}/package.json`, setVersion);
change('package-lock.json', (lock) => {
  lock.version = version;
  for (const folder of folders) setVersion(lock.packages[folder]);
});
const chart = 'deploy/helm/posthorn/Chart.yaml';
writeFileSync(chart, readFileSync(chart, 'utf8').replace(/^(version|appVersion): .+$/gm, `$1: ${version}`));
