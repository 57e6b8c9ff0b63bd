import { Injectable } from '@nestjs/common';
import { BodiesService } from '../../bodies/bodies.service.js';
import { EventVersions, olderVersionFor } from '../../endpoints/event-versions.js';
import type { ReadyDelivery } from '../lease/lease.js';
import { messageOf, render } from './render.js';

/** A body with the delivery as it was rendered, or why there is none. */
export type MadeBody =
  { body: Buffer; ready: ReadyDelivery } | { error: string; busy?: true; code?: 'conversion_failed' };

/** Makes the bodies that take their time: of a form of their own, or of an older version of the event's type. */
@Injectable()
export class BodyMaker {
  constructor(
    private readonly bodies: BodiesService,
    private readonly versions: EventVersions,
  ) {}

  /** The body where it can be had at once, which is the usual case; else null. */
  atOnce(ready: ReadyDelivery, attemptAt: number): Buffer | null {
    const { endpoint, event, delivery } = ready;
    if (endpoint.format !== null || olderVersionFor(event, delivery.eventType, endpoint) !== null)
      return null;
    return render(ready, attemptAt);
  }

  async make(given: ReadyDelivery, attemptAt: number): Promise<MadeBody> {
    const { endpoint, delivery } = given;
    const older = olderVersionFor(given.event, delivery.eventType, endpoint);
    const seen =
      older === null ? { event: given.event } : await this.versions.convert(given.event, older, endpoint);
    if ('error' in seen) return { error: seen.error, code: 'conversion_failed' };
    const ready = { ...given, event: seen.event };
    if (endpoint.format === null) return { body: render(ready, attemptAt), ready };
    const message = messageOf(ready, attemptAt);
    const rendered = await this.bodies.render(delivery.spaceId, endpoint.format, message);
    return 'body' in rendered ? { body: rendered.body, ready } : rendered;
  }
}
