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
  return misspeltVariables(Object.keys(variables), known);
}
