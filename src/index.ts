/** What another NestJS application may use. */
export {
  PosthornModule,
  type PosthornAsyncOptions,
  type PosthornInHost,
  type PosthornOptions,
  type PosthornRole,
} from './app/posthorn.module.js';

export { createPosthorn, type Posthorn } from './app/create-posthorn.js';
export { WebhookEmitter, type EmitOptions, type EmittedEvent } from './events/webhook-emitter.js';
export { TransactionRefused } from './database/transactions/transaction-refused.js';
// By a star, through which every version of TypeScript lets `declare module 'posthorn'` add to an interface.
export * from './events/event-map.js';

export { EventTypesService } from './event-types/event-types.service.js';
export { defineEvents, type EventDefinitions, type EventsOf } from './event-types/define-events.js';
export { typedEmitter, type EventFields, type TypedEmitter } from './events/typed-emitter.js';
export { InstanceTypesService } from './event-types/instance-types.service.js';
export { SpaceLookup } from './spaces/space-lookup.js';
export { SpacesService, type UpsertSpace } from './spaces/spaces.service.js';
export type { SpaceRef } from './spaces/space-ref.js';
export { LifecycleService, LifecycleService as Lifecycle } from './subscriptions/lifecycle.service.js';
export { RotationService, RotationService as Rotation } from './subscriptions/rotation.service.js';
export {
  SubscriptionsService,
  /** The services' names before 0.2, as `Lifecycle` and `Rotation` above; use those that end in `Service`. */
  SubscriptionsService as Subscriptions,
} from './subscriptions/subscriptions.service.js';
export { WebhookSubscriptions } from './host/webhook-subscriptions.js';
export { WebhookDeliveries } from './host/webhook-deliveries.js';
export { WebhookEvents } from './host/webhook-events.js';
export { WebhookBroadcasts, type NewBroadcast } from './host/webhook-broadcasts.js';
export { WebhookJobs, type RetryFilter } from './host/webhook-jobs.js';
export { WebhookPortalLinks, type HostPortalLink } from './host/webhook-portal-links.js';
export type { SpaceName } from './host/spaces-by-name.js';
export type { HostTenant, PosthornHttpOptions, TenantAnswer } from './host/http-options.js';
export type { PosthornListenOptions } from './host/listen-options.js';
export { PosthornExceptionFilter } from './host/posthorn-exception.filter.js';
export { PosthornHealthIndicator, type PosthornHealth } from './host/posthorn-health.indicator.js';

export { formatSecret } from './profiles/native/secrets.js';

export { ProcessMetrics } from './telemetry/process-metrics.js';
export { StartupError } from './config/startup-error.js';
export {
  BadRequest,
  Conflict,
  Invalid,
  LimitReached,
  NotFound,
  OutcomeUnknown,
  PosthornError,
  ShuttingDown,
  TooLarge,
  Unavailable,
  type Issue,
} from './core/errors.js';
