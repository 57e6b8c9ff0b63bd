import { Injectable, ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Invalid, type Issue } from '../core/errors.js';
import { unstorableValues } from './unstorable-values.js';

/** Checks every DTO; what is wrong, missing or unknown comes back as one `Invalid` with an issue per field. */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      // The target tells an array's entries (`events[2]`) from an object's fields (`events.2`).
      validationError: { target: true, value: true },
      exceptionFactory: (errors) => new Invalid(errors.flatMap((error) => issuesOf(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-validator would report a list or a number as an object that lacks every field.
    if (metadata.type === 'body' && this.toValidate(metadata) && !isObjectOrAbsent(value)) {
      throw new Invalid([NOT_AN_OBJECT]);
    }
    if (metadata.type !== 'custom' && this.toValidate(metadata)) {
      const unstorable = unstorableValues(metadata.type === 'query' ? withoutCursor(value) : value);
      if (unstorable.length > 0) throw new Invalid(unstorable);
    }
    return super.transform(value, metadata);
  }
}

/** What is wrong with a body that is a list, a number and so on. */
export const NOT_AN_OBJECT: Issue = { path: 'body', code: 'is_object', message: 'Must be a JSON object.' };

/** What is wrong with a field that nobody asked for. */
export function unknownField(path: string, property = path): Issue {
  return { path, code: 'unknown_field', message: `There is no field "${property}" here. Remove it.` };
}

export function isObjectOrAbsent(value: unknown): value is object | undefined {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

/** A cursor is stored nowhere, and its list says of every one that it did not give out the same. */
function withoutCursor(query: unknown): unknown {
  return { ...(query as object), cursor: undefined };
}

function issuesOf(error: ValidationError, parent: string): Issue[] {
  const path = join(parent, error);
  // The last constraint is the topmost decorator: by convention the type, without which the others mislead.
  const own = Object.entries(error.constraints ?? {}).slice(-1);
  const issues = own.map(([name, message]) => issue(error, path, name, message));
  return [...issues, ...(error.children ?? []).flatMap((child) => issuesOf(child, path))];
}

function join(parent: string, { property, target }: ValidationError): string {
  if (Array.isArray(target)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

function issue(
  { property, value }: ValidationError,
  path: string,
  constraint: string,
  message: string,
): Issue {
  if (constraint === 'whitelistValidation') return unknownField(path, property);
  const rule = sentence(message, property);
  if (value === undefined) return { path, code: 'required', message: `Is required. ${rule}` };
  return { path, code: snakeCase(constraint), message: rule };
}

/** class-validator's `name must be a string` as a sentence of its own: the path already names the field. */
function sentence(message: string, property: string): string {
  const rule = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  const capital = rule.charAt(0).toUpperCase() + rule.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
}
