import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../fixtures/providers');

/** A body a provider's document shows, in its order of keys. */
export function golden<T = Record<string, unknown>>(path: string): T {
  return JSON.parse(readFileSync(join(FOLDER, `${path}.json`), 'utf8')) as T;
}

/** The names of a provider's events in the order of its document. */
export function documentedEvents(provider: string): { name: string; family: string }[] {
  const yaml = readFileSync(join(FOLDER, 'events.yaml'), 'utf8');
  const section = new RegExp(`^${provider}:.*\\n((?: {2}- .*\\n)+)`, 'm').exec(yaml)?.[1] ?? '';
  return [...section.matchAll(/name: "([^"]+)", family: "([^"]+)"/g)].map(([, name = '', family = '']) => ({
    name,
    family,
  }));
}
