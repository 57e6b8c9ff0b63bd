export {
  createClient,
  PosthornClient,
  type ClientOptions,
  type NewEvent,
  type PublishedEvent,
  type PublishOptions,
  type Schemas,
} from './client.js';
export { ConnectionError, ProblemError, type FieldError } from './problem.js';
export type { RetryOptions } from './retry.js';
export type { components, paths } from './schema.js';
