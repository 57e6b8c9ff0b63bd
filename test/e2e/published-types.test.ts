import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const { dependencies } = readJson(join(root, 'package.json')) as { dependencies: Record<string, string> };

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The packages that a declaration file names, and those that its own ones name in turn. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from, inline] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'|import\("([^"]+)"\)/g)) {
    const name = String(from ?? inline);
    if (name.startsWith('.')) {
      const next = join(dirname(file), name.replace(/\.js$/, '.d.ts'));
      for (const one of packagesOf(next, seen)) packages.add(one);
    } else if (!name.startsWith('node:') && !builtinModules.includes(name)) {
      packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    }
  }
  return packages;
}

function hasTypes(name: string): boolean {
  const folder = join(root, 'node_modules', name);
  const { types, typings, exports } = readJson(join(folder, 'package.json')) as Record<string, unknown>;
  return (
    Boolean(types ?? typings) ||
    JSON.stringify(exports ?? '').includes('.d.ts') ||
    existsSync(join(folder, 'index.d.ts'))
  );
}

it('what a host application compiles against comes with the package, types and all', () => {
  const packages = [...packagesOf(join(root, 'dist/src/index.d.ts'))];
  expect(packages).toContain('@nestjs/common');
  for (const name of packages)
    expect([name, name in dependencies, hasTypes(name)]).toEqual([name, true, true]);
});
