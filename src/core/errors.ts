/** One problem with one field of the input. `path` uses dots and brackets: `events[2].data`. */
export interface Issue {
  path: string;
  code: string;
  message: string;
}

/**
 * A request that Posthorn refuses. `code` is stable, snake_case and part of the API; `message` says what to do. The
 * HTTP layer maps `kind` to a status (`http/problem.ts`).
 */
export abstract class PosthornError extends Error {
  abstract readonly kind:
    | 'bad_request'
    | 'unauthorized'
    | 'forbidden'
    | 'not_found'
    | 'conflict'
    | 'precondition_failed'
    | 'too_large'
    | 'invalid'
    | 'throttled'
    | 'unavailable';

  constructor(
    readonly code: string,
    message: string,
    readonly issues?: Issue[],
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The request could not be read at all: malformed JSON, a tampered cursor. */
export class BadRequest extends PosthornError {
  readonly kind = 'bad_request';
}

/** The key is missing, unknown, expired or revoked. */
export class Unauthorized extends PosthornError {
  readonly kind = 'unauthorized';
  constructor(message: string) {
    super('unauthorized', message);
  }
}

/** A valid key without the scope this call needs. */
export class Forbidden extends PosthornError {
  readonly kind = 'forbidden';
  constructor(message: string) {
    super('forbidden', message);
  }
}

/** It does not exist, or this key may not know of it. */
export class NotFound extends PosthornError {
  readonly kind = 'not_found';
  constructor(what: string) {
    super('not_found', `The ${what} was not found.`);
  }
}

/** The request conflicts with what is stored: a taken uid, an idempotency key with another body. */
export class Conflict extends PosthornError {
  readonly kind = 'conflict';
}

/** `If-Match` named a version that is no longer the current one. */
export class PreconditionFailed extends PosthornError {
  readonly kind = 'precondition_failed';
  constructor(message = 'The object changed since you read it. Read it again and repeat your change.') {
    super('precondition_failed', message);
  }
}

/** More bytes, events or levels than a request may hold. */
export class TooLarge extends PosthornError {
  readonly kind = 'too_large';
  constructor(message: string) {
    super('payload_too_large', message);
  }
}

/** How many issues an answer names, and how many characters of each path: both depend on the caller's input. */
export const MAX_ISSUES = 100;
const MAX_PATH = 300;

/** Well-formed, but invalid: each issue names its field. */
export class Invalid extends PosthornError {
  readonly kind = 'invalid';
  constructor(all: Issue[]) {
    const issues = all.slice(0, MAX_ISSUES).map((issue) => ({ ...issue, path: shortened(issue.path) }));
    super('validation_failed', issues.map((issue) => `${issue.path}: ${issue.message}`).join(' '), issues);
  }
}

function shortened(path: string): string {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
}

/** The space has reached one of its limits. */
export class LimitReached extends PosthornError {
  readonly kind = 'invalid';
  constructor(message: string) {
    super('limit_reached', message);
  }
}

/** The database or the queue is unavailable; the same request may succeed later. */
export class Unavailable extends PosthornError {
  readonly kind = 'unavailable';
  constructor(message: string, retryAfterSeconds = 1, code = 'unavailable') {
    super(code, message, undefined, retryAfterSeconds);
  }
}

/** This process is stopping: the same request may succeed in another one, never in this one. */
export class ShuttingDown extends Unavailable {
  constructor() {
    super(
      'Posthorn has closed in this process, which is shutting down. Nothing was changed; ' +
        'repeat the request in a process that runs.',
      1,
      'shutting_down',
    );
  }
}

/** The database became unavailable during the request, which may have been carried out or not. */
export class OutcomeUnknown extends PosthornError {
  readonly kind = 'unavailable';
  constructor(message: string) {
    super('outcome_unknown', message, undefined, 1);
  }
}

/** Too many calls; the same one may succeed after `retryAfterSeconds`. */
export class Throttled extends PosthornError {
  readonly kind = 'throttled';
  constructor(message: string, retryAfterSeconds: number) {
    super('too_many_requests', message, undefined, retryAfterSeconds);
  }
}
