// Bundles the built engine with the packages it loads into a few files, dist/bundle: a process then opens twenty files
// instead of two thousand (ADR 31), with what V8 compiled of them (ADR 38). `src/main.ts` loads it; applications that
// import posthorn get dist/src, since they share NestJS with it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
// npm makes the command executable when it links it, and a later build of an emptied dist would take that away.
chmodSync(join(root, 'dist', 'src', 'cli', 'posthorn.js'), 0o755);
const folder = join(root, 'dist', 'bundle');

/** Packages that are loaded only if an application has them; ours never does. */
const ABSENT = [
  /^@nestjs\/(microservices|websockets|platform-express)/,
  /^@fastify\/(static|view|multipart)$/,
];

/**
 * What packages load by themselves while they run would be loaded a second time beside the bundle. `to` does the same
 * with what is in it. A release that no longer has the text stops the build, so that somebody looks.
 */
const PATCHES = [
  {
    file: '@nestjs/mapped-types/dist/type-helpers.utils.js',
    from: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    to: `import * as validator from 'class-validator';
import * as transformer from 'class-transformer';
import * as storage from 'class-transformer/cjs/storage.js';
const inBundle = {
  'class-validator': validator,
  'class-transformer': transformer,
  'class-transformer/cjs/storage': storage,
};
const require = (name) => inBundle[name];`,
  },
  {
    // It makes a Response to see whether this is Cloudflare, which loads all of Node's fetch.
    file: 'pg/lib/stream.js',
    from: 'if (isCloudflareRuntime()) {',
    to: 'if (false) {',
  },
  {
    // A tenth of the bundle, which every process would keep in memory: drivers of other databases.
    file: 'typeorm/driver/DriverFactory.js',
    from: /^const \w+_1 = require\("\.\/(?!postgres\/)[\w-]+\/\w+Driver"\);\n/gm,
    to: '',
  },
];

function patched() {
  const missing = new Set(PATCHES);
  return {
    name: 'patched',
    transform(code, id) {
      const patch = PATCHES.find(({ file }) => id.endsWith(`/node_modules/${file}`));
      if (!patch) return null;
      missing.delete(patch);
      const changed = code.replace(patch.from, () => patch.to);
      if (changed === code) throw new Error(`${patch.file} no longer has: ${patch.from}`);
      return changed;
    },
    buildEnd() {
      for (const { file } of missing) throw new Error(`${file} is no longer in the bundle.`);
    },
  };
}

/** V8 keeps a text with a single character beyond Latin-1 in twice the memory, and reads it slower. */
function asAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (character, at) => {
    if (code[at - 1] === '\\') throw new Error(`An escaped ${character}: ${code.slice(at - 40, at + 10)}`);
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The licences of what is in the bundle, as they ask for. */
function licences(modules) {
  const packages = new Set(
    modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0]).filter(Boolean),
  );
  return [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(path, file), 'utf8').trim() : ''}\n`;
  });
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const bundle = await rolldown({
  input: { serve: join(root, 'dist', 'src', 'app', 'serve.js') },
  platform: 'node',
  logLevel: 'warn',
  external: ['reflect-metadata', ...ABSENT],
  plugins: [patched()],
});
const { output } = await bundle.generate({
  dir: folder,
  // V8 keeps what it compiled of scripts only (ADR 38).
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  dynamicImportInCjs: false,
  // Decorators of any chunk need it.
  banner: "require('reflect-metadata');",
  keepNames: true,
  comments: { legal: true, annotation: false, jsdoc: false },
});
for (const { fileName, code } of output) writeFileSync(join(folder, fileName), asAscii(code));
const modules = output.flatMap((chunk) => chunk.moduleIds ?? []);
writeFileSync(join(folder, 'LICENSES.txt'), licences(modules).join(`\n${'-'.repeat(80)}\n\n`));
await bundle.close();

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const flags = scripts.start.split(' ').slice(1, -1);
const program = join(root, 'scripts', 'cache-bundle.mjs');
const { status } = spawnSync(process.execPath, [...flags, program], { stdio: 'inherit' });
if (status !== 0)
  throw new Error(`The code cache of the bundle was not written: ${program} ended with ${status}.`);
