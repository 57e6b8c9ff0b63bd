import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The value of a YAML or JSON file. Throws an error whose message names the file and what is wrong with it. */
export function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return parse(text, { prettyErrors: true }) as unknown;
  } catch (error) {
    throw new Error(`${file} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
}
