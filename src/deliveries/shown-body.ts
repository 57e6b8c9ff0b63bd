import type { BodiesService } from '../bodies/bodies.service.js';
import type { ProfileName, StoredEvent } from '../core/domain-types.js';
import { publicId } from '../core/ids.js';
import { isoTime } from '../lib/iso-time.js';
import { profileOf } from '../profiles/registry.js';
import { renderParts } from '../profiles/render.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryHook, DeliveryRow } from './delivery-log.service.js';

const MASK = '***';

/**
 * A delivery's body as logs and answers show it: as it was sent, with a mask for a secret in it. A deleted subscription
 * (`found` is null) is taken for one of the profile `deleted`. A template is evaluated again; where it fails, the body
 * is the usual one that it was given.
 */
export async function shownBody(
  bodies: BodiesService,
  event: StoredEvent,
  delivery: Pick<DeliveryRow, 'id' | 'event_type' | 'subscription_id'>,
  found: DeliveryHook | null,
  space: SpaceRef,
  deleted: ProfileName,
): Promise<string> {
  const { profile, hook, hasSecret, format } = found ?? unknown(delivery.subscription_id, deleted);
  const secret = hasSecret && profileOf(profile).secrets.inBody ? MASK : null;
  const facts = { event, type: delivery.event_type, deliveryId: delivery.id };
  const { data, body } = renderParts({ ...facts, hook, profile, spaceProfile: space.profile, secret });
  if (format === null) return body.toString();
  const { type } = facts;
  const message = { id: publicId('evt', event.id), type, timestamp: isoTime(event.occurredAt), data };
  const rendered = await bodies.render(space.id, format, { ...message, envelope: body });
  return ('body' in rendered ? rendered.body : body).toString();
}

function unknown(id: string, profile: ProfileName): DeliveryHook {
  const scope = { level: 'space' as const, clientId: null, campaignId: null };
  const { options } = profileOf(profile);
  return {
    profile,
    hasSecret: true,
    format: null,
    hook: { id, providerId: null, scope, options: options.defaults },
  };
}
