import { Injectable } from '@nestjs/common';
import type { DeliveryView } from '../deliveries/delivery.dto.js';
import { EventQuery, Simulation, TestSend, type EventSummary, type EventView } from '../events/event.dto.js';
import { EventLogService } from '../events/event-log.service.js';
import { toEventSummary } from '../events/event-wire.js';
import { toPublishedView } from '../events/published-wire.js';
import { Simulator } from '../events/simulate.js';
import { EventTrials } from './event-trials.js';
import type { EmittedEvent } from '../events/webhook-emitter.js';
import { page, type Page } from '../http/list.dto.js';
import { checked, startOf } from './checked-input.js';
import { KnownErrors } from '../http/known-errors.js';
import { SpacesByName, type SpaceName } from './spaces-by-name.js';

/** The events of a space as they were published, and made-up ones. `WebhookEmitter` publishes real ones. */
@Injectable()
@KnownErrors()
export class WebhookEvents {
  constructor(
    private readonly spaces: SpacesByName,
    private readonly log: EventLogService,
    private readonly simulator: Simulator,
    private readonly trials: EventTrials,
  ) {}

  /**
   * A page of events without their data, newest first, 50 unless `limit` says otherwise (up to 250). Throws NotFound
   * for the space, Invalid for the query, BadRequest for a cursor of another list.
   */
  async list(space: SpaceName, query: Partial<EventQuery> = {}): Promise<Page<EventSummary>> {
    const [found, form] = [await this.spaces.find(space), await checked(EventQuery, query)];
    const context = `events:${found.id}`;
    const rows = await this.log.list(found, form, startOf(this.spaces.cursors, context, form));
    return page(rows, form, this.spaces.cursors, context, toEventSummary);
  }

  /** One event with its data, by its `evt_` id or the publisher's own. Throws NotFound. */
  async get(space: SpaceName, event: string): Promise<EventView> {
    const { data, ...row } = await this.log.find(await this.spaces.find(space), event);
    const value = row.removed === null ? (JSON.parse(data) as Record<string, unknown>) : null;
    return { ...toEventSummary(row), data: value };
  }

  /**
   * Publishes `count` made-up events (1 to 1,000; default 1) of a type, or of the catalogue's types in turn. They are
   * real events to everybody who listens. Throws NotFound for the space, Invalid for an unknown type.
   */
  async simulate(space: SpaceName, what: Partial<Simulation> = {}): Promise<EmittedEvent[]> {
    const { type, count } = await checked(Simulation, what);
    const events = await this.simulator.simulate(await this.spaces.find(space), type, count);
    return events.map(toPublishedView);
  }

  /**
   * Sends an event type's example, or `data` instead, to one subscription now, even when it is paused: one attempt.
   * Throws NotFound, Invalid for a type that the space does not have, TooLarge for data of more than 256 KiB.
   */
  async sendTest(
    space: SpaceName,
    subscription: string,
    what: Partial<TestSend> = {},
  ): Promise<DeliveryView> {
    return this.trials.send(await this.spaces.find(space), subscription, await checked(TestSend, what));
  }
}
