import { readYaml } from '../lib/read-yaml.js';
import { CliFailure } from './cli-failure.js';

/** The value of a YAML or JSON file. Throws CliFailure. */
export function readTypes(file: string): unknown {
  try {
    return readYaml(file);
  } catch (error) {
    throw new CliFailure([(error as Error).message]);
  }
}
