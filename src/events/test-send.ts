import { unknownTypeMessage } from '../core/unknown-type.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Invalid, TooLarge } from '../core/errors.js';
import { compilePatterns } from '../core/event-pattern.js';
import { recordChange } from '../audit/record-change.js';
import { newUuid, publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';
import { currentExample } from '../event-types/catalogue-entry.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import type { TestSend } from './event.dto.js';
import { insertEvents } from './insert-events.js';
import { PublishAdmission } from './publish-admission.js';
import { MAX_DATA_BYTES } from './publish-input.js';

/** Sends an example to one endpoint, for people who set it up. */
@Injectable()
export class TestSender {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly subscriptions: SubscriptionsService,
    private readonly eventTypes: EventTypesService,
    private readonly queue: DeliveryQueue,
    private readonly admission: PublishAdmission,
  ) {}

  /**
   * Stores an event with the type's example, or `data` instead (`dataText`: as it was sent), and one delivery of it,
   * for this subscription alone. Returns the delivery's id. Throws NotFound for the subscription; Invalid for a type
   * that is not in the space's catalogue, or without a type when the subscription asks for none that exists; TooLarge
   * for the data; Throttled above the space's limit of events a second.
   */
  async send(space: SpaceRef, ref: string, { type, data }: TestSend, dataText?: string): Promise<string> {
    const subscription = await this.subscriptions.find(space, ref);
    const catalogue = await this.eventTypes.knownTo(space, subscription.profile);
    const wants = compilePatterns(subscription.events);
    const chosen = catalogue.find(({ name }) => (type === undefined ? wants(name) : name === type));
    if (!chosen) {
      const message =
        type === undefined
          ? 'The subscription matches no existing event type. Name a type to send, or change its events.'
          : unknownTypeMessage(
              type,
              catalogue.map(({ name }) => name),
              `GET /v1/event-types?profile=${subscription.profile} lists it.`,
            );
      throw new Invalid([{ path: 'type', code: 'unknown_event_type', message }]);
    }
    await this.admission.admitEvents(space.id, 1);
    const now = this.clock.date();
    const { example, version } = currentExample(chosen);
    const event = {
      id: newUuid(now.getTime()),
      spaceId: space.id,
      type: chosen.name,
      occurredAt: now,
      scope: {},
      trace: null,
      data: withinLimit(data ? (dataText ?? JSON.stringify(data)) : JSON.stringify(example)),
      publisherId: null,
      subjectId: null,
      ...(version !== undefined && { version }),
    };
    const delivery = {
      id: newUuid(now.getTime()),
      spaceId: space.id,
      eventId: event.id,
      eventType: chosen.name,
      subscriptionId: subscription.id,
      status: 'pending' as const,
      trigger: 'test' as const,
      override: 'once' as const,
      maxAttempts: 1,
      dueAt: now,
    };
    const target = {
      type: 'subscription' as const,
      id: publicId('sub', subscription.id),
      name: subscription.uid,
    };
    const after = { type: chosen.name, delivery: publicId('dlv', delivery.id) };
    await this.database.transaction(async (sql) => {
      await insertEvents(sql, [event], [delivery], { versions: [], subscriptions: [], now });
      const change = { spaceId: space.id, by: space.by, verb: 'test', target, after };
      await recordChange(sql, now.getTime(), change);
    });
    this.queue.enqueue([delivery]);
    return delivery.id;
  }
}

function withinLimit(text: string): string {
  if (Buffer.byteLength(text) > MAX_DATA_BYTES)
    throw new TooLarge(`The data of an event has at most ${MAX_DATA_BYTES / 1024} KiB.`);
  return text;
}
