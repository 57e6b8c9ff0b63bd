import { ProblemError } from '@posthorn/client';

/** The token is unknown, expired or revoked. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}

/** The engine said no: the same request gets the same answer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
