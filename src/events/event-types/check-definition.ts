import { runInNewContext } from 'node:vm';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { Invalid, type Issue } from '../../core/errors.js';

const NAME = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/;
const NAME_LENGTH = { min: 3, max: 128 };
const SCHEMA_BYTES = 32 * 1024;
const EXAMPLE_BYTES = 64 * 1024;

/**
 * A schema is a tenant's program: a `pattern` such as `^(a+)+$` can keep a regular expression busy for years. Taking
 * a schema in costs about 30 ms, so a second is generous and still no outage for everybody else.
 */
const CHECK_MS = 1_000;

/** Whether an event type can be called this: lower-case words joined by dots. */
export function isEventTypeName(name: string): boolean {
  return name.length >= NAME_LENGTH.min && name.length <= NAME_LENGTH.max && NAME.test(name);
}

/** Throws Invalid for a name outside the grammar. */
export function checkName(name: string): void {
  if (isEventTypeName(name)) return;
  const message =
    `Use lower-case words joined by dots, such as invoice.paid: letters a to z, digits and underscores, ` +
    `${NAME_LENGTH.min} to ${NAME_LENGTH.max} characters.`;
  throw new Invalid([{ path: 'name', code: 'event_type_name', message }]);
}

/** Throws Invalid unless `schema` is a JSON Schema and `example`, when there is one, fits it. */
export function checkDefinition(schema: object, example: object | undefined): void {
  const sizes = [
    ...sizeIssues('schema', schema, SCHEMA_BYTES),
    ...(example ? sizeIssues('example', example, EXAMPLE_BYTES) : []),
  ];
  if (sizes.length > 0) throw new Invalid(sizes);
  const issue = schemaIssue(schema, example);
  if (issue) throw new Invalid([issue]);
}

function sizeIssues(path: string, value: object, bytes: number): Issue[] {
  if (Buffer.byteLength(JSON.stringify(value)) <= bytes) return [];
  return [{ path, code: 'too_large', message: `Keep it within ${bytes / 1024} KiB of JSON.` }];
}

function schemaIssue(schema: object, example: object | undefined): Issue | undefined {
  // An asynchronous schema answers with a promise, so its refusal would come when nobody listens any more.
  if ('$async' in schema) return { path: 'schema', code: 'json_schema', message: 'Leave out $async.' };
  try {
    // The time limit holds for whatever the call runs, in our context too, and interrupts regular expressions.
    return runInNewContext('check()', { check: () => validate(schema, example) }, { timeout: CHECK_MS }) as
      Issue | undefined;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    const message = `Make it simpler: checking it took more than ${CHECK_MS / 1000} s.`;
    return { path: 'schema', code: 'json_schema', message };
  }
}

function validate(schema: object, example: object | undefined): Issue | undefined {
  try {
    // A new instance each time: one kept would remember every $id it has seen, whosever it was.
    const accepts = new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
    return !example || accepts(example) ? undefined : exampleIssue(accepts.errors?.[0]);
  } catch (error) {
    // Not only what does not compile: a $ref that leads back to itself fails when it is first followed.
    const message = `It cannot be used as a JSON Schema of draft 2020-12: ${(error as Error).message}.`;
    return { path: 'schema', code: 'json_schema', message };
  }
}

function exampleIssue(error: ErrorObject | undefined): Issue {
  const path = `example${(error?.instancePath ?? '').replaceAll('/', '.')}`;
  return { path, code: 'example_mismatch', message: `The schema says: ${error?.message ?? 'not valid'}.` };
}
