export { memoryStore, type Reservation, type DedupeStore } from './dedupe.js';
export { RejectedWebhook, type RejectionCode } from './errors.js';
export { fastifyPlugin } from './fastify.js';
export { expressHandler, nodeHandler } from './node.js';
export type { HeadersLike } from './proof.js';
export type { ProfileName } from './proofs.js';
export {
  createReceiver,
  Receiver,
  type Answer,
  type EventHandler,
  type ReceiverOptions,
  type RequestParts,
} from './receiver.js';
export { honoHandler, requestHandler } from './request.js';
export type { WebhookEvent } from './verify.js';
