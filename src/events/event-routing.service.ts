import { Injectable } from '@nestjs/common';
import { parseExactly } from '../lib/exact-number.js';
import type { DeliveryStatus, Trigger } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { findOnceKeys } from '../endpoints/once-keys.js';
import { RoutingTable } from '../endpoints/routing.js';
import { SubscriptionsService, type SubscriptionsPage } from '../subscriptions/subscriptions.service.js';
import { EventLogService } from './event-log.service.js';
import { matchRoutes, type Match, type Mismatch } from './match.js';

/** Why an event did not reach a subscription, or not yet. */
export type RoutingReason =
  Mismatch | 'not_first' | 'paused' | 'skipped' | 'expired' | 'created_later' | 'changed_later' | 'test';

/** What became of an event at one subscription. */
export interface RoutedSubscription {
  /** The subscription's dashed id. */
  id: string;
  url: string;
  uid: string | null;
  matched: boolean;
  reason: RoutingReason | null;
  /** The newest delivery, with its dashed id. */
  delivery: NewestDelivery | null;
}

/** A subscription's newest delivery of an event. */
export interface NewestDelivery {
  id: string;
  subscription_id: string;
  status: DeliveryStatus;
  attempt_count: number;
  last_status_code: number | null;
  last_error: string | null;
}

const NEWEST = {
  name: 'routing_newest_deliveries',
  text: `SELECT DISTINCT ON (subscription_id) id, subscription_id, status, attempt_count, last_status_code, last_error
    FROM posthorn.deliveries
    WHERE event_id = $1 AND subscription_id = ANY($2::uuid[]) ORDER BY subscription_id, id DESC`,
};

const TRIGGERS = {
  name: 'routing_is_test',
  text: `SELECT trigger FROM posthorn.deliveries WHERE event_id = $1 AND trigger = 'test' LIMIT 1`,
};

/** Explains who got an event and who did not. */
@Injectable()
export class EventRoutingService {
  constructor(
    private readonly database: Database,
    private readonly events: EventLogService,
    private readonly subscriptions: SubscriptionsService,
    private readonly routing: RoutingTable,
  ) {}

  /** One page of the space's subscriptions, as they are now, each with what the event was to it. Throws NotFound. */
  async explain(space: SpaceRef, ref: string, slice: SubscriptionsPage): Promise<RoutedSubscription[]> {
    const event = await this.events.find(space, ref);
    const rows = await this.subscriptions.list(space, slice);
    const [newest, tests, routes] = await Promise.all([
      this.database.sql<NewestDelivery>(NEWEST, [event.id, rows.map(({ id }) => id)]),
      this.database.sql<{ trigger: Trigger }>(TRIGGERS, [event.id]),
      this.routing.current(this.database.sql, [space.id]),
    ]);
    const mine = routes.get(space.id);
    const parsed = { ...event, data: parseExactly(event.data) };
    const reasons = await this.reasonsNow(space, event.id, mine ? matchRoutes(mine, parsed) : []);
    const deliveries = new Map(newest.map((one) => [one.subscription_id, one]));
    return rows.map((row) => {
      const delivery = deliveries.get(row.id);
      const reason = delivery
        ? reasonOf(delivery.status)
        : row.id > event.id
          ? 'created_later'
          : tests.length > 0
            ? 'test'
            : (reasons.get(row.id) ?? 'changed_later');
      const { id, url, uid } = row;
      return { id, url, uid, matched: delivery !== undefined, reason, delivery: delivery ?? null };
    });
  }

  /** Why the subscriptions of the space, as they are now, would not get the event. */
  private async reasonsNow(
    { id: spaceId }: SpaceRef,
    eventId: string,
    matches: Match[],
  ): Promise<Map<string, RoutingReason | null>> {
    const onceKeyRefs = matches.flatMap(({ route: { subscriptionId }, once }) =>
      [...once.values()].map((key) => ({ spaceId, subscriptionId, once: key })),
    );
    const onceKeys = await findOnceKeys(this.database.sql, onceKeyRefs);
    const wasLate = ({ route: { subscriptionId }, types, once }: Match) =>
      types.every((type) => {
        const key = once.get(type);
        const first = key === undefined ? undefined : onceKeys.eventOf({ subscriptionId, once: key });
        return first !== undefined && first !== eventId;
      });
    return new Map(
      matches.map((match) => [
        match.route.subscriptionId,
        match.reason ?? (match.types.length > 0 && wasLate(match) ? 'not_first' : null),
      ]),
    );
  }
}

/** Why a delivery that exists has not been sent, where that is not its own fault. */
function reasonOf(status: DeliveryStatus): RoutingReason | null {
  if (status === 'held') return 'paused';
  return status === 'skipped' || status === 'expired' ? status : null;
}
