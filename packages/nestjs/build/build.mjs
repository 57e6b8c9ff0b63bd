// Builds dist from the compiled engine (dist/src/index.js of the repository): an ES module, a CommonJS module, and the
// types of everything they reach. Packages that are ES modules only are bundled, so that CommonJS can use them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'vite';

const folder = join(import.meta.dirname, '..');
const root = join(folder, '..', '..');
const compiled = join(root, 'dist');
const entry = join(compiled, 'src', 'index.js');

const { version, dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);

/** Into the bundle: there is no CommonJS of them. */
const TAKEN_IN = [
  'typebox',
  'uuid',
  '@nestjs/mapped-types',
  '@nestjs/bullmq',
  '@nestjs/bull-shared',
  'tslib',
];

const here = (name) => join(import.meta.dirname, `${name}.mjs`);

/** Loads the validator by an import: what `require` gives in Jest is another copy. */
const mappedTypes = {
  name: 'mapped-types',
  transform(code, id) {
    if (!id.includes('@nestjs/mapped-types')) return null;
    return code.replace(
      'const require = createRequire(import.meta.url);',
      `import * as validator from 'class-validator';
       import * as transformer from 'class-transformer';
       import transformerStorage from 'class-transformer/cjs/storage.js';
       const copies = { 'class-validator': validator, 'class-transformer': transformer };
       const require = (name) => copies[name] ?? transformerStorage;`,
    );
  },
};

/**
 * Decorators of Fastify's adapter are at every route, and set metadata only. The adapter itself is loaded from the
 * host, by the import within `host-api.js`, where the host wants routes.
 */
const platformFastify = {
  name: 'platform-fastify',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === './docs.js') return here('platform-fastify');
    if (source !== '@nestjs/platform-fastify') return null;
    if (!importer?.endsWith('/host/host-api.js')) return here('platform-fastify');
    outside.add(source);
    return { id: source, external: true };
  },
};

/** What CommonJS loads late it loads by `require`: Jest knows no other way there. */
const lateRequire = {
  name: 'late-require',
  renderChunk: (code) =>
    code.replaceAll(
      /\bimport\("(@nestjs\/platform-fastify)"\)/g,
      'Promise.resolve().then(() => require("$1"))',
    ),
};

/** What the bundle leaves outside. */
const outside = new Set();

/** Fails for a package that is imported, or looked up by its name, and not named in package.json. */
function checkDependencies(code) {
  const known = [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...builtinModules];
  const looked = [...code.matchAll(/\bresolve\(["']([a-z@][\w@/.-]*)["']\)/g)].map(([, name]) => name);
  const packages = [...outside, ...looked].map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  const missing = packages.filter((name) => !name.startsWith('node:') && !known.includes(name));
  if (missing.length > 0)
    throw new Error(`package.json names no dependency on ${[...new Set(missing)].join(', ')}.`);
}

/** Whether a module stays outside of the bundle. */
function isExternal(id) {
  // The plugin above decides on Fastify's adapter.
  const inside = ['@nestjs/swagger', '@nestjs/platform-fastify', ...TAKEN_IN];
  if (
    id.startsWith('.') ||
    id.startsWith('/') ||
    inside.some((name) => id === name || id.startsWith(`${name}/`))
  )
    return false;
  outside.add(id);
  return true;
}

async function bundle(format) {
  const outDir = join(folder, 'dist', format);
  await build({
    configFile: false,
    logLevel: 'warn',
    root,
    plugins: [platformFastify, mappedTypes, ...(format === 'cjs' ? [lateRequire] : [])],
    resolve: {
      alias: {
        '@nestjs/swagger': here('swagger'),
      },
    },
    ssr: { noExternal: TAKEN_IN, target: 'node' },
    build: {
      ssr: entry,
      outDir,
      target: 'node20',
      minify: false,
      emptyOutDir: true,
      rolldownOptions: {
        external: isExternal,
        output: {
          format,
          entryFileNames: 'index.js',
          codeSplitting: false,
          keepNames: true,
          exports: 'named',
        },
      },
    },
  });
  checkDependencies(readFileSync(join(outDir, 'index.js'), 'utf8'));
  writeFileSync(
    join(outDir, 'package.json'),
    // The nearest package.json is where the release's version is read.
    `${JSON.stringify({ version, type: format === 'esm' ? 'module' : 'commonjs' })}\n`,
  );
}

/** A host on Express has no Fastify: its requests are objects to it. */
function withoutFastify(text) {
  return text.replaceAll(/^import type \{ ([^}]+) \} from 'fastify';$/gm, (_all, names) =>
    names
      .split(', ')
      .map((name) => `type ${name} = object;`)
      .join('\n'),
  );
}

/** In CommonJS the types of what is an ES module only have to say so, or TypeScript refuses them (TS1541). */
function fromCommonJs(text) {
  return text
    .replaceAll(/from 'typebox';$/gm, "from 'typebox' with { 'resolution-mode': 'import' };")
    .replaceAll('import("typebox")', 'import("typebox", { with: { "resolution-mode": "import" } })');
}

/** Copies the declarations that the index reaches. */
function copyTypes(format) {
  const out = join(folder, 'dist', format, 'types');
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const target = join(out, relative(compiled, file));
    mkdirSync(dirname(target), { recursive: true });
    const text = withoutFastify(readFileSync(file, 'utf8'));
    writeFileSync(target, format === 'cjs' ? fromCommonJs(text) : text);
    for (const [, name] of text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g))
      visit(resolve(dirname(file), `${name}.d.ts`));
  };
  visit(join(compiled, 'src', 'index.d.ts'));
  writeFileSync(join(folder, 'dist', format, 'index.d.ts'), `export * from './types/src/index.js';\n`);
}

const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'ensure-built.mjs')], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (status !== 0) process.exit(status ?? 1);
for (const format of ['esm', 'cjs']) {
  await bundle(format);
  copyTypes(format);
}
