import type { components } from './schema.js';

/** What is wrong with which field of a request. */
export type FieldError = NonNullable<components['schemas']['Problem']['errors']>[number];

/** What the server refused a request with (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** Stable, for programs: `uid_taken`, `idempotency_conflict`, …; `http_502` when a proxy answered. */
    readonly code: string,
    /** What is wrong and what to do about it. */
    detail: string,
    /** One entry for each field that is wrong. */
    readonly errors: readonly FieldError[],
    /** For the server's log: every answer has one. */
    readonly requestId: string | null,
    /** What `Retry-After` said, milliseconds. */
    readonly retryAfterMs: number | null,
  ) {
    super([detail, ...errors.map(lineOf).filter((line) => !detail.includes(line))].join(' '));
  }
}

const lineOf = ({ path, message }: FieldError) => `${path}: ${message}`;

/** No response was received. Whether the request was carried out is not known. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(
    /** `timeout`: none within `timeoutMs`. `network`: the connection could not be made, or broke. */
    readonly code: 'timeout' | 'network',
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** Reads an error response. One of a proxy has no problem details: then the status has to do. */
export async function problemOf(response: Response, url: string, now: number): Promise<ProblemError> {
  const text = await response.text().catch(() => '');
  const problem = parse(text);
  return new ProblemError(
    response.status,
    typeof problem?.code === 'string' ? problem.code : `http_${response.status}`,
    typeof problem?.detail === 'string' ? problem.detail : withoutProblem(response, url),
    Array.isArray(problem?.errors) ? (problem.errors as FieldError[]) : [],
    response.headers.get('x-request-id'),
    retryAfterMs(response.headers.get('retry-after'), now),
  );
}

function withoutProblem(response: Response, url: string): string {
  const isRedirect = response.type === 'opaqueredirect' || REDIRECTS.includes(response.status);
  if (!isRedirect) return `The server answered ${response.status}.`;
  const to = redirectOf(response, url);
  return `The server redirects${to ? ` to ${to.href}` : ''}. Give the client the url that requests end at.`;
}

/** Where a redirect leads. Browsers do not tell. */
export function redirectOf({ headers }: Response, url: string): URL | null {
  const location = headers.get('location');
  return location !== null && URL.canParse(location, url) ? new URL(location, url) : null;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** `Retry-After` is in seconds or a date. Null when it is absent or neither. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
