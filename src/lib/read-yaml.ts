import { readFileSync } from 'node:fs';
import { parseDocument, visit } from 'yaml';
import { parseExactly } from './exact-number.js';

/** A number as JSON has it: YAML's other forms, such as 0x1F, are what a double makes of them. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The value of a YAML or JSON file, with an `ExactNumber` for each number that a double cannot hold: write it with
 * `stringifyExactly`. Throws an error whose message names the file and what is wrong with it.
 */
export function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return parseYaml(text);
  } catch (error) {
    throw new Error(`${file} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && JSON_NUMBER.test(node.source ?? ''))
        node.value = parseExactly(node.source ?? '');
    },
  });
  return document.toJS() as unknown;
}
