import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { PosthornError, type Issue } from '../core/errors.js';
import { databaseErrorOf } from './database-error.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 9457 problem details, as every refused request answers them. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: Issue[];
}

const STATUS_OF: Record<PosthornError['kind'], number> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  invalid: 422,
  throttled: 429,
  unavailable: 503,
};

/** Errors of the framework. Other statuses keep their standard phrase. */
const DETAIL_OF: Record<number, string> = {
  404: 'No route matches this method and path. /docs lists all routes.',
  413: 'The request body is larger than 5 MiB. Send less at a time.',
  415: 'Send the body as uncompressed JSON, with the header "content-type: application/json".',
};

const CODE_OF: Record<number, string> = { 413: 'payload_too_large' };

/** The problem document of an error, or null when it is a fault of ours. */
export function problemOf(error: unknown): Problem | null {
  const known = error instanceof PosthornError ? error : databaseErrorOf(error);
  if (known) return problem(STATUS_OF[known.kind], known.code, known.message, known.issues);
  const status = frameworkStatus(error);
  if (status === null) return null;
  const phrase = STATUS_CODES[status] ?? 'Bad Request';
  return problem(
    status,
    CODE_OF[status] ?? phrase.toLowerCase().replaceAll(/[^a-z]+/g, '_'),
    DETAIL_OF[status] ?? `The request could not be processed: ${phrase}.`,
  );
}

/** The problem of a method that a path does not take. */
export function methodProblem(method: string, allowed: string[]): Problem {
  return problem(
    405,
    'method_not_allowed',
    `This path does not support ${method}. It supports ${allowed.join(', ')}; /docs describes each route.`,
  );
}

/** The problem of a request that could not be parsed. */
export function unparsedRequestProblem(status: number): Problem {
  const title = STATUS_CODES[status] ?? '';
  const code = title.toLowerCase().replaceAll(/[^a-z]+/g, '_');
  return problem(status, code, `The request could not be parsed: ${title}.`);
}

export function internalProblem(): Problem {
  return problem(
    500,
    'internal',
    'Something went wrong on our side. The log has it under this X-Request-Id.',
  );
}

/** Seconds after which the same request may succeed, if known. */
export function retryAfterOf(error: unknown): number | undefined {
  const known = error instanceof PosthornError ? error : databaseErrorOf(error);
  return known?.retryAfterSeconds;
}

function problem(status: number, code: string, detail: string, errors?: Issue[]): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:posthorn:problem:${code}`, title, status, detail, code, ...(errors && { errors }) };
}

/** The 4xx status of an error that Nest or Fastify made. */
function frameworkStatus(error: unknown): number | null {
  const status = error instanceof HttpException ? error.getStatus() : fastifyStatus(error);
  return status >= 400 && status < 500 ? status : null;
}

function fastifyStatus(error: unknown): number {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const isFastifys = typeof code === 'string' && code.startsWith('FST_');
  return isFastifys && typeof statusCode === 'number' ? statusCode : 500;
}
