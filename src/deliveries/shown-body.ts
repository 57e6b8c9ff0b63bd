import type { ProfileName, StoredEvent } from '../core/domain-types.js';
import { profileOf } from '../profiles/registry.js';
import { renderBody } from '../profiles/render.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryHook, DeliveryRow } from './delivery-log.service.js';

const MASK = '***';

/**
 * A delivery's body as logs and answers show it: as it was sent, with a mask for a secret in it. A deleted subscription
 * (`found` is null) is taken for one of the profile `deleted`.
 */
export function shownBody(
  event: StoredEvent,
  delivery: Pick<DeliveryRow, 'id' | 'event_type' | 'subscription_id'>,
  found: DeliveryHook | null,
  space: SpaceRef,
  deleted: ProfileName,
): string {
  const { profile, hook, hasSecret } = found ?? unknown(delivery.subscription_id, deleted);
  const secret = hasSecret && profileOf(profile).secrets.inBody ? MASK : null;
  const facts = { event, type: delivery.event_type, deliveryId: delivery.id };
  return renderBody({ ...facts, hook, profile, spaceProfile: space.profile, secret }).toString();
}

function unknown(id: string, profile: ProfileName): DeliveryHook {
  const scope = { level: 'space' as const, clientId: null, campaignId: null };
  const { options } = profileOf(profile);
  return {
    profile,
    hasSecret: true,
    hook: { id, providerId: null, scope, options: options.defaults },
  };
}
