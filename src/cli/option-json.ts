import { readFileSync } from 'node:fs';
import { CliFailure } from './cli-failure.js';

/** An option's JSON text, checked but not changed: itself, `@file`, or `-` for the standard input. */
export function readJson(source: string, option: string): string {
  const read =
    source === '-'
      ? readFileSync(0, 'utf8')
      : source.startsWith('@')
        ? readFile(source.slice(1), option)
        : source;
  // Some editors and shells put a byte order mark before what they write.
  const text = read.replace(/^\uFEFF/, '');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new CliFailure([`${option} is not valid JSON: ${text.slice(0, 80)}`]);
  }
}

function readFile(name: string, option: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    throw new CliFailure([`${option}: the file ${name} cannot be read.`]);
  }
}
