import { ExactNumber } from '../lib/exact-number.js';
import { memberTexts } from '../lib/json-scanner.js';
import type { DocumentForm } from './mapping.js';
import { isJsonObject } from '../lib/is-json-object.js';

const SPACE = /^[ \t\r\n]*/;

/** JSON text: what a mapping does not touch stays byte for byte. */
export const TEXT_FORM: DocumentForm<string> = {
  open: (text) => (text.charAt(SPACE.exec(text)?.[0].length ?? 0) === '{' ? memberTexts(text) : null),
  close: (members) => `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`,
  isNull: (text) => text === 'null',
  of: (value) => JSON.stringify(value),
};

/** What was parsed of a JSON text, with exact numbers. Objects are copied where they change. */
export const PARSED_FORM: DocumentForm<unknown> = {
  open: (value) =>
    isJsonObject(value) && !(value instanceof ExactNumber) ? new Map(Object.entries(value)) : null,
  close: (members) => Object.fromEntries(members),
  isNull: (value) => value === null,
  of: (value) => value,
};
