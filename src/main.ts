#!/usr/bin/env node
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keepHeapSmall } from './app/keep-heap-small.js';
import { CodeCache } from './lib/code-cache.js';

/** When a file was written; 0 when there is none. */
function writtenAt(path: string): number {
  return statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** What runs the engine. */
interface Program {
  serve: () => Promise<void>;
}

const BUNDLE = '../bundle/serve.cjs';

/**
 * The bundle loads in a third of the time (ADR 31, ADR 38). The compiler's own file tells one that is older than the
 * rest of dist/; a published package has no such file.
 */
async function load(): Promise<Program> {
  if (writtenAt(BUNDLE) <= writtenAt('../.tsbuildinfo')) return import('./app/serve.js');
  return new CodeCache().load(fileURLToPath(new URL(BUNDLE, import.meta.url))) as Program;
}

// Before anything is loaded: a code cache is of the flags that it was made with.
keepHeapSmall();
const { serve } = await load();
await serve();
