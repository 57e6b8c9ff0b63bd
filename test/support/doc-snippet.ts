import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first fenced block of a language in a document, as its readers copy it. */
export function snippetOf(document: string, language: string): string {
  const text = readFileSync(join(import.meta.dirname, '../..', document), 'utf8');
  const [, snippet] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(text) ?? [];
  if (snippet === undefined) throw new Error(`${document} has no block of ${language}.`);
  return snippet;
}
