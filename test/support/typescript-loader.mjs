// Lets Node import TypeScript. Jest's global set-up runs outside its module system, where its transform
// cannot handle ES modules.
import { transformFile } from '@swc/core';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL, URL } from 'node:url';
import { swcOptions } from './swc-options.mjs';

const ROOT = join(import.meta.dirname, '../..');
const TESTS = pathToFileURL(join(ROOT, 'test/')).href;

const isOurs = (url) => url?.startsWith('file:') && !url.includes('/node_modules/');

export async function resolve(specifier, context, next) {
  const parent = context.parentURL?.split('?')[0];
  if (!isOurs(parent) || !parent.endsWith('.ts')) return next(specifier, context);
  const resolved = await next(sourceOf(specifier), context);
  // Each test file has the modules beside it and in test/support for itself, where hooks and state are.
  const { search } = new URL(context.parentURL);
  return resolved.url.startsWith(TESTS) ? { ...resolved, url: resolved.url + search } : resolved;
}

function sourceOf(specifier) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) return specifier.replace(/\.js$/, '.ts');
  // The packages of this repository are tested as sources: nothing has to be built first.
  const [, name, entry = 'index'] = /^@posthorn\/([a-z]+)(?:\/([a-z-]+))?$/.exec(specifier) ?? [];
  return name === undefined ? specifier : pathToFileURL(join(ROOT, `packages/${name}/src/${entry}.ts`)).href;
}

export async function load(url, context, next) {
  const [path] = url.split('?');
  if (!isOurs(path) || !path.endsWith('.ts')) return next(url, context);
  const { code } = await transformFile(fileURLToPath(path), {
    ...swcOptions,
    swcrc: false,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
