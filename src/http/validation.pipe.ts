import { Injectable, ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { Invalid, MAX_ISSUES, type Issue } from '../core/errors.js';
import { MOST_HINTS } from '../core/unknown-type.js';
import { meantField } from './field-hint.js';
import { meaningOfNull } from './or-null.js';
import { textFieldsOf } from './sent-data.js';
import { unstorableValues } from './unstorable-values.js';
import { isJsonObject } from '../lib/is-json-object.js';

/** Validates every DTO: one `Invalid` with an issue for each wrong, missing or unknown field. */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      // The target distinguishes an array's entries (`events[2]`) from an object's fields (`events.2`).
      validationError: { target: true, value: true },
      exceptionFactory: (errors) => new Invalid(issuesOf(errors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-validator would report a list or a number as an object without any of the fields.
    if (metadata.type === 'body' && this.toValidate(metadata) && !isObjectOrAbsent(value)) {
      throw new Invalid([NOT_AN_OBJECT]);
    }
    if (metadata.type !== 'custom' && this.toValidate(metadata)) {
      const given = metadata.type === 'query' ? withoutCursor(value) : value;
      const unstorable = unstorableValues(given, textFieldsOf(metadata.metatype));
      if (unstorable.length > 0) throw new Invalid(unstorable);
    }
    return super.transform(value, metadata);
  }
}

/** The issue of a body that is a list, a number and so on. */
export const NOT_AN_OBJECT: Issue = { path: 'body', code: 'is_object', message: 'Must be a JSON object.' };

/** The issue of an unknown field; `meant`: the one it may stand for. */
export function unknownField(path: string, property = path, meant: string | null = null): Issue {
  const advice = meant === null ? 'Remove it.' : `Did you mean "${meant}"?`;
  return { path, code: 'unknown_field', message: `There is no field "${property}" here. ${advice}` };
}

/** Of a DTO's fields, those that are not their default. Not of all that it has: a caller may send 5,000 others. */
function givenTo(target: object, fields: ReadonlySet<string>): object {
  const defaults = new (target.constructor as new () => object)();
  const isGiven = (name: string) => Reflect.get(defaults, name) !== Reflect.get(target, name);
  return Object.fromEntries([...fields].filter(isGiven).map((name) => [name, true]));
}

const FIELDS = new WeakMap<object, ReadonlySet<string>>();

/** The fields of a DTO's class: those that are validated. */
function fieldsOf(dto: { name: string }): ReadonlySet<string> {
  const known = FIELDS.get(dto);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto as () => void, dto.name, false, false);
  const fields = new Set(rules.map(({ propertyName }) => propertyName));
  FIELDS.set(dto, fields);
  return fields;
}

export function isObjectOrAbsent(value: unknown): value is object | undefined {
  return value === undefined || isJsonObject(value);
}

/** A cursor is not stored, and its list gives the same error for every invalid one. */
function withoutCursor(query: unknown): unknown {
  return { ...(query as object), cursor: undefined, after: undefined };
}

/** As many as an error names. */
function issuesOf(errors: ValidationError[]): Issue[] {
  const issues: Issue[] = [];
  collect(errors, '', issues);
  return issues;
}

function collect(errors: ValidationError[], parent: string, issues: Issue[]): void {
  for (const error of errors) {
    if (issues.length >= MAX_ISSUES) return;
    const path = join(parent, error);
    // The last constraint belongs to the topmost decorator: by convention the type, without which the others mislead.
    const [own] = Object.entries(error.constraints ?? {}).slice(-1);
    if (own) issues.push(issue(error, path, own, issues.length < MOST_HINTS));
    collect(error.children ?? [], path, issues);
  }
}

function join(parent: string, { property, target }: ValidationError): string {
  if (Array.isArray(target)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

function issue(
  { property, value, target = {} }: ValidationError,
  path: string,
  [constraint, message]: [name: string, message: string],
  hasHint: boolean,
): Issue {
  if (constraint === 'whitelistValidation')
    return unknownField(path, property, hasHint ? meantIn(target, property) : null);
  const rule =
    sentence(message, property) + exampleFor(constraint, value) + adviceOfNull(target, property, value);
  if (value === undefined) return { path, code: 'required', message: `Is required. ${rule}` };
  return { path, code: snakeCase(constraint), message: rule };
}

/** The field that an unknown one of a DTO may stand for; null: none. */
function meantIn(target: object, property: string): string | null {
  const fields = fieldsOf(target.constructor);
  return meantField(property, fields, givenTo(target, fields));
}

/** Not where an entry of a list is wrong: null stands for the whole list. */
function adviceOfNull(target: object, property: string, value: unknown): string {
  const meaning = Array.isArray(value) ? undefined : meaningOfNull(target, property);
  return meaning === undefined ? '' : ` Use null ${meaning}.`;
}

/** What a single text in the place of a list may have meant. Long ones are not repeated. */
function exampleFor(constraint: string, value: unknown): string {
  const isMeant = constraint === 'isArray' && typeof value === 'string' && value.length <= 40;
  return isMeant ? ` Did you mean ${JSON.stringify([value])}?` : '';
}

/** Makes a sentence of class-validator's `name must be a string`: the path already names the field. */
function sentence(message: string, property: string): string {
  const rule = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  const capital = rule.charAt(0).toUpperCase() + rule.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
}
