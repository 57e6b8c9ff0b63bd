import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../core/domain-types.js';
import { Conflict, Invalid, TooLarge } from '../core/errors.js';
import { compilePatterns } from '../core/event-pattern.js';
import { newUuid } from '../core/ids.js';
import { removedOf } from '../core/removed.js';
import { unknownTypeMessage } from '../core/unknown-type.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { currentExample } from '../event-types/catalogue-entry.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { EventLogService } from '../events/event-log.service.js';
import { MAX_DATA_BYTES } from '../events/publish-input.js';
import { Clock } from '../lib/clock.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { TrialInput } from './trial.dto.js';

/** Finds or makes the events that subscriptions are tried with. */
@Injectable()
export class TrialEventsService {
  constructor(
    private readonly events: EventLogService,
    private readonly eventTypes: EventTypesService,
    private readonly clock: Clock,
  ) {}

  /** Throws NotFound for an event, Conflict for one without data, Invalid for a type, and TooLarge for data. */
  async eventFor(
    space: SpaceRef,
    subscription: SubscriptionEntity,
    { event, type, data }: TrialInput,
    dataText: string | undefined,
  ): Promise<StoredEvent> {
    if (event !== undefined) {
      const also = type === undefined ? (data === undefined ? null : 'data') : 'type';
      if (also === null) return this.published(space, event);
      const message = 'Leave it out together with "event", which has its own.';
      throw new Invalid([{ path: also, code: 'not_allowed', message }]);
    }
    const catalogue = await this.eventTypes.knownTo(space, space.profile);
    const wants = compilePatterns(subscription.events);
    const chosen =
      type === undefined
        ? (catalogue.find(({ name }) => wants(name)) ?? catalogue[0])
        : catalogue.find(({ name }) => name === type);
    if (!chosen) {
      const names = catalogue.map(({ name }) => name);
      const message = unknownTypeMessage(type ?? '', names);
      throw new Invalid([{ path: 'type', code: 'unknown_event_type', message }]);
    }
    const { example, version } = currentExample(chosen);
    const text = data ? (dataText ?? JSON.stringify(data)) : JSON.stringify(example);
    if (Buffer.byteLength(text) > MAX_DATA_BYTES)
      throw new TooLarge(`The data of an event has at most ${MAX_DATA_BYTES / 1024} KiB.`);
    const now = this.clock.date();
    const id = newUuid(now.getTime());
    const rest = { scope: {}, trace: null, ...(version !== undefined && { version }) };
    return { id, spaceId: space.id, type: chosen.name, occurredAt: now, data: text, ...rest };
  }

  private async published(space: SpaceRef, ref: string): Promise<StoredEvent> {
    const row = await this.events.find(space, ref);
    const removed = removedOf(row.removed);
    if (removed) throw new Conflict('body_removed', `${removed.message} There is nothing to try.`);
    const { id, type, occurredAt, scope, data, publisherId, version } = row;
    return { id, spaceId: space.id, type, occurredAt, scope, data, publisherId, version, trace: null };
  }
}
