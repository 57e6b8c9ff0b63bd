import { ProblemError } from '@posthorn/client';

/** The token is unknown, expired or revoked. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}

/** The request was refused, and would be refused again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
