import { readFileSync } from 'node:fs';
import { CliFailure } from './cli-failure.js';

/** The JSON text, checked but not changed. */
export function readData(source: string): string {
  const read =
    source === '-' ? readFileSync(0, 'utf8') : source.startsWith('@') ? readFile(source.slice(1)) : source;
  // Some editors and shells put a byte order mark before what they write.
  const text = read.replace(/^\uFEFF/, '');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new CliFailure([`--data is not valid JSON: ${text.slice(0, 80)}`]);
  }
}

function readFile(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    throw new CliFailure([`--data: the file ${name} cannot be read.`]);
  }
}
