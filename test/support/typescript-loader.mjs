// Lets Node import TypeScript. Jest's global set-up runs outside its module system, where its transform
// cannot handle ES modules.
import { transformFile } from '@swc/core';
import { fileURLToPath } from 'node:url';
import { swcOptions } from './swc-options.mjs';

const isOurs = (url) => url?.startsWith('file:') && !url.includes('/node_modules/');

export function resolve(specifier, context, next) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && isOurs(context.parentURL) && context.parentURL.endsWith('.ts')) {
    return next(specifier.replace(/\.js$/, '.ts'), context);
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!isOurs(url) || !url.endsWith('.ts')) return next(url, context);
  const { code } = await transformFile(fileURLToPath(url), {
    ...swcOptions,
    swcrc: false,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
