import { Injectable } from '@nestjs/common';
import { BodiesService } from '../bodies/bodies.service.js';
import type { ProfileName, StoredEvent } from '../core/domain-types.js';
import { publicId } from '../core/ids.js';
import { EventVersions, olderVersionFor } from '../endpoints/event-versions.js';
import { isoTime } from '../lib/iso-time.js';
import { profileOf } from '../profiles/registry.js';
import { renderParts } from '../profiles/render.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryHook, DeliveryRow } from './delivery-log.service.js';

const MASK = '***';

/** Bodies of deliveries as logs and answers show them: as they were sent, with a mask for a secret in them. */
@Injectable()
export class ShownBody {
  constructor(
    private readonly bodies: BodiesService,
    private readonly versions: EventVersions,
  ) {}

  /**
   * A deleted subscription (`found` is null) is taken for one of the profile `deleted`. A template is evaluated again;
   * where it fails, the body is the usual one that it was given. Where an event cannot be converted to the version that
   * its subscription is pinned to, the body has the event's own.
   */
  async of(
    published: StoredEvent,
    delivery: Pick<DeliveryRow, 'id' | 'event_type' | 'subscription_id'>,
    found: DeliveryHook | null,
    space: SpaceRef,
    deleted: ProfileName,
  ): Promise<string> {
    const { profile, hook, hasSecret, format, versions } =
      found ?? unknown(delivery.subscription_id, deleted);
    const reader = { profile, spaceProfile: space.profile, versions };
    const older = olderVersionFor(published, delivery.event_type, reader);
    const seen = older === null ? null : await this.versions.convert(published, older, reader);
    const event = seen && 'event' in seen ? seen.event : published;
    const secret = hasSecret && profileOf(profile).secrets.inBody ? MASK : null;
    const facts = { event, type: delivery.event_type, deliveryId: delivery.id };
    const { data, body } = renderParts({ ...facts, hook, profile, spaceProfile: space.profile, secret });
    if (format === null || (seen && 'error' in seen)) return body.toString();
    const { version } = event;
    const message = {
      ...{ id: publicId('evt', event.id), type: facts.type, timestamp: isoTime(event.occurredAt), data },
      ...(version !== undefined && { version }),
    };
    const rendered = await this.bodies.render(space.id, format, { ...message, envelope: body });
    return ('body' in rendered ? rendered.body : body).toString();
  }
}

function unknown(id: string, profile: ProfileName): DeliveryHook {
  const scope = { level: 'space' as const, clientId: null, campaignId: null };
  const { options } = profileOf(profile);
  return {
    profile,
    hasSecret: true,
    format: null,
    versions: null,
    hook: { id, providerId: null, scope, options: options.defaults },
  };
}
