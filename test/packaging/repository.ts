import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '..', '..');

/** A file of this repository, as text. */
export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

export const yamlOf = <T>(file: string): T => parse(textOf(file), { merge: true }) as T;

/** All documents of a file; throws where one cannot be read. */
export function documentsOf<T>(file: string): T[] {
  return parseAllDocuments(textOf(file)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join('\n')}`);
    return document.toJS() as T;
  });
}

/** The names of all settings, from .env.example. */
export const settingNames = (): string[] => [
  ...[...textOf('.env.example').matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name ?? ''),
];
