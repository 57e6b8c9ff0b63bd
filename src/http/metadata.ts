import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { Schema, STORABLE, STORABLE_NAME } from './input-schemas.js';
import { isJsonObject } from '../lib/is-json-object.js';

/** The caller's own notes on an object: text by name. */
export type Metadata = Record<string, string>;

const MAX_ENTRIES = 50;
const MAX_KEY = 64;
const MAX_VALUE = 512;

/** Up to 50 strings by name; names up to 64 characters, values up to 512. */
export function IsMetadata(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isMetadata',
    validator: {
      validate: isMetadata,
      defaultMessage: () =>
        `metadata must be an object of at most ${MAX_ENTRIES} strings; names up to ${MAX_KEY} characters, ` +
        `values up to ${MAX_VALUE}`,
    },
  });
  const schema = {
    type: 'object',
    maxProperties: MAX_ENTRIES,
    propertyNames: { maxLength: MAX_KEY, pattern: STORABLE_NAME },
    additionalProperties: { type: 'string', maxLength: MAX_VALUE, pattern: STORABLE },
  };
  return applyDecorators(Schema(schema), validate);
}

function isMetadata(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_ENTRIES &&
    entries.every(([key, text]) => fits(key, MAX_KEY) && fits(text, MAX_VALUE))
  );
}

function fits(text: unknown, max: number): boolean {
  return typeof text === 'string' && text.length <= max;
}
