#!/usr/bin/env node
import { statSync } from 'node:fs';

/** When a file was written; 0 when there is none. */
function writtenAt(path: string): number {
  return statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const BUNDLE = '../bundle/serve.js';
// The bundle loads in half the time (ADR 31). The compiler's own file tells one that is older than the rest of dist/;
// a published package has no such file.
const isCurrent = writtenAt(BUNDLE) > writtenAt('../.tsbuildinfo');
await import(isCurrent ? new URL(BUNDLE, import.meta.url).href : './app/serve.js');
