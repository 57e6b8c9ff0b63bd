// Writes the code cache of dist/bundle (ADR 38): loads it as `src/main.ts` does, and runs nothing of it. V8 takes a
// cache only with the flags that it was made with, so `bundle-engine.mjs` runs this with those of `npm start`.
import { join } from 'node:path';
import { keepHeapSmall } from '../dist/src/app/keep-heap-small.js';
import { CodeCache } from '../dist/src/lib/code-cache.js';

keepHeapSmall();
const cache = new CodeCache();
const { load } = cache.load(join(import.meta.dirname, '..', 'dist', 'bundle', 'serve.cjs'));
await load();
cache.write();
