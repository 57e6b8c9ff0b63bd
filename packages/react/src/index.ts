export { isTokenRefused } from './errors.js';
export {
  useCancelDelivery,
  useCreateEndpoint,
  useDeleteEndpoint,
  usePauseEndpoint,
  useResumeEndpoint,
  useRetryDelivery,
  useRotateSecret,
  useTestEndpoint,
  useUpdateEndpoint,
  type EndpointChanges,
  type NewEndpoint,
} from './mutations.js';
export { PortalProvider, usePortal, type Portal, type PortalProviderProps } from './provider.js';
export {
  useAttempt,
  useAttempts,
  useDeliveries,
  useDelivery,
  useEndpoint,
  useEndpoints,
  useEndpointSecret,
  useEventTypes,
  useSession,
  type Attempt,
  type AttemptSummary,
  type Delivery,
  type DeliveryDetail,
  type DeliveryFilter,
  type Endpoint,
  type EndpointFilter,
  type EventType,
  type List,
  type Refreshed,
  type Secret,
  type Session,
} from './queries.js';
export {
  WebhookPortal,
  type PortalColours,
  type PortalTheme,
  type WebhookPortalProps,
} from './webhook-portal.js';
