import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { StartupError } from './startup-error.js';
import { misspeltVariables } from './unknown-variables.js';

/**
 * Adds the variables of a `.env` file in the working folder, if there is one. What is set already wins. Gives a
 * sentence for each name that looks like a misspelt one of `known`; it may be another program's. Throws `StartupError`.
 */
export function loadEnvFile(known: readonly string[]): string[] {
  let text: string;
  try {
    text = readFileSync('.env', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new StartupError(`The file .env cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const variables = parseEnv(text);
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
  return [...withoutEquals(text, known), ...misspeltVariables(Object.keys(variables), known)];
}

/** Node ignores lines such as `PORT: 80`, and the default would apply. */
function withoutEquals(text: string, known: readonly string[]): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name = ''] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*(?::|\s[^=\s]|$)/.exec(line) ?? [];
    return known.includes(name) && !line.includes('=')
      ? [`.env, line ${index + 1}: ${name} has no "=", so it is not read. Write ${name}=value.`]
      : [];
  });
}
