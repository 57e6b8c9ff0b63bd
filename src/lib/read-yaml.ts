import { readFileSync } from 'node:fs';
import { parse, parseDocument, visit } from 'yaml';
import { parseExactly } from './exact-number.js';

/** A number as JSON has it: YAML's other forms, such as 0x1F, are what a double makes of them. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The value of a YAML or JSON file. Throws an error whose message names the file and what is wrong with it. */
export function readYaml(file: string, read: (text: string) => unknown = parse): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return read(text);
  } catch (error) {
    throw new Error(`${file} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** The same with an `ExactNumber` for each number that a double cannot hold: write it with `stringifyExactly`. */
export function readYamlExactly(file: string): unknown {
  return readYaml(file, (text) => {
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
  });
}
