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

/** The same in the format of another API. */
export interface ErrorResponse {
  status: number;
  headers?: Record<string, string>;
  /** Objects are sent as JSON; null sends no body. */
  body: object | string | null;
}

/** An API that replaces a provider's own. */
export interface ProviderApi {
  /** The path that replaces the provider's host and base path in a client. */
  path: string;
  /** An example for people: a curl command that lists the webhooks. */
  example: (base: string, key: string) => string;
  /** How it formats errors, also for paths below `path` that are no routes. */
  formatError: (error: ErrorDetails) => ErrorResponse;
}
