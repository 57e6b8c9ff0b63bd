import { STATUS_CODES } from 'node:http';
import { ApiResponse, type OpenAPIObject } from '@nestjs/swagger';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
type Response = Operation['responses'][string];

export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'Why a request was refused (RFC 9457).',
  properties: {
    type: {
      type: 'string',
      description: 'A URI that names the kind of problem.',
      example: 'urn:posthorn:problem:uid_taken',
    },
    title: { type: 'string', description: "The status's standard phrase.", example: 'Conflict' },
    status: { type: 'integer', example: 409 },
    detail: { type: 'string', description: 'What is wrong and what to do about it, for people.' },
    code: { type: 'string', description: 'Stable, for programs.', example: 'uid_taken' },
    errors: {
      type: 'array',
      description: 'What is wrong with which field, when fields are.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'The field.', example: 'leaves[2].size' },
          code: { type: 'string', description: 'Stable, for programs.', example: 'unknown_field' },
          message: { type: 'string', description: 'What is right instead.' },
        },
        required: ['path', 'code', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

const DESCRIPTIONS: Record<number, string> = {
  400: 'Malformed JSON, or a cursor of another list',
  401: 'No key, or one that is unknown, expired or revoked',
  403: 'The key may not do this',
  404: 'Nothing of this name, or nothing this key may know of',
  413: 'The body is larger than 5 MiB',
  415: 'The body is not JSON',
  422: 'A field is wrong, missing or unknown',
  503:
    'The database is away; `Retry-After` says when to come back. With the code `outcome_unknown` it ' +
    'went away before it answered, and what was asked for may have been done; events are sent again ' +
    'with the same `id`',
};

/** The error statuses of every operation. Others, such as 409, an operation names itself. */
export function errorStatusesOf(operation: Operation, method: string, needsKey: boolean): number[] {
  const hasPath = operation.parameters?.some((parameter) => 'in' in parameter && parameter.in === 'path');
  const names = (name: string) =>
    operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === name) ?? false;
  return [
    // Bodies and queries are checked also where none is expected.
    ...(method === 'get' ? [] : [400, 413, 415]),
    ...(needsKey ? [422] : []),
    ...(names('cursor') || names('after') ? [400] : []),
    ...(needsKey ? [401, 403, 503] : []),
    ...(hasPath ? [404] : []),
  ].sort();
}

/** The error responses that all operations share, for the document's components. */
export const PROBLEM_RESPONSES = Object.fromEntries(
  Object.entries(DESCRIPTIONS).map(([status, description]) => [
    componentOf(Number(status)),
    problemResponse(description),
  ]),
);

/** A reference to one of them. */
export function errorResponseRef(status: number): Response {
  return { $ref: `#/components/responses/${componentOf(status)}` };
}

function componentOf(status: number): string {
  return (STATUS_CODES[status] ?? `Status${status}`).replaceAll(/[^A-Za-z]/g, '');
}

function problemResponse(description: string) {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Documents that a route may also answer with this status, such as 409, and when. */
export function ApiProblem(status: number, description: string): MethodDecorator {
  return ApiResponse({ ...problemResponse(description), status });
}
