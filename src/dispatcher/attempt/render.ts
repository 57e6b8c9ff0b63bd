import type { Message } from '../../bodies/message.js';
import { publicId, uuidTime } from '../../core/ids.js';
import { isoTime } from '../../lib/iso-time.js';
import { profileOf } from '../../profiles/registry.js';
import { renderBody, renderParts, type RenderFacts } from '../../profiles/render.js';
import type { Endpoint } from '../../endpoints/endpoints.service.js';
import { liveSecrets, secretSince } from '../../endpoints/secrets.js';
import type { ReadyDelivery } from '../lease/lease.js';

/** Renders the body. It is signed and sent as these bytes, and each retry renders the same ones. */
export function render(ready: ReadyDelivery, attemptAt: number): Buffer {
  return renderBody(factsOf(ready, attemptAt));
}

/** What a body of another form is made from. */
export function messageOf(ready: ReadyDelivery, attemptAt: number): Message {
  const { event } = ready;
  const { data, body: envelope } = renderParts(factsOf(ready, attemptAt));
  const { eventType: type } = ready.delivery;
  const { version } = event;
  const message = {
    id: publicId('evt', event.id),
    type,
    timestamp: isoTime(event.occurredAt),
    data,
    envelope,
  };
  return version === undefined ? message : { ...message, version };
}

function factsOf({ delivery, endpoint, event }: ReadyDelivery, attemptAt: number): RenderFacts {
  const { hook, profile, spaceProfile } = endpoint;
  const { eventType: type, id: deliveryId } = delivery;
  const secret = secretOf(deliveryId, endpoint, attemptAt);
  return { event, type, deliveryId, hook, profile, spaceProfile, secret };
}

/**
 * The secret that was current when the delivery was made: a rotation changes no body, unless it ends the old secret.
 */
function secretOf(deliveryId: string, { profile, secrets }: Endpoint, attemptAt: number): string | null {
  const rules = profileOf(profile).secrets;
  if (!rules.inBody) return null;
  const secret = secretSince(liveSecrets(secrets, attemptAt), uuidTime(deliveryId));
  return secret ? rules.format(secret.key) : null;
}
