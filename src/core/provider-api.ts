import type { Issue } from './errors.js';

/** Why a request was refused, as our own API would say it. */
export interface ErrorDetails {
  /** HTTP status. */
  status: number;
  code: string;
  detail: string;
  errors?: Issue[];
  retryAfterSeconds?: number;
}

/** The same in the words of another API. */
export interface ErrorResponse {
  status: number;
  headers?: Record<string, string>;
  /** Objects go out as JSON, null as nothing. */
  body: object | string | null;
}

/** An API that stands in for somebody else's. */
export interface ProviderApi {
  /** What stands for the provider's host and base path in a client. */
  path: string;
  /** A curl line for people: asks for the list of webhooks. */
  example: (base: string, key: string) => string;
  /** How it refuses. Everything below `path` does, also what is no route of it. */
  formatError: (error: ErrorDetails) => ErrorResponse;
}
