import { Injectable } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { RoutingTable, type Route, type Routes } from '../endpoints/routing.js';
import { matchOne } from '../events/match.js';
import { parseExactly } from '../lib/exact-number.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';
import { checksOf, withoutConditions } from './trial-checks.js';
import type { TrialInput, TrialView } from './trial.dto.js';
import { TrialEventsService } from './trial-events.service.js';
import { TrialRequestsService } from './trial-requests.service.js';

/** Shows what a subscription would get of an event, by the code that matches, renders and signs. Nothing is sent. */
@Injectable()
export class TrialsService {
  constructor(
    private readonly database: Database,
    private readonly routing: RoutingTable,
    private readonly subscriptions: SubscriptionsService,
    private readonly events: TrialEventsService,
    private readonly requests: TrialRequestsService,
  ) {}

  /**
   * `dataText`: the text of `input.data` as it was sent. Throws NotFound for the subscription and the event, Invalid
   * for the type, and Conflict for what is unreadable.
   */
  async try(space: SpaceRef, ref: string, input: TrialInput, dataText?: string): Promise<TrialView> {
    const subscription = await this.subscriptions.find(space, ref);
    const event = await this.events.eventFor(space, subscription, input, dataText);
    const { routes, route } = await this.routesOf(space, subscription.id);
    const tried = { ...event, data: parseExactly(event.data) };
    const match = matchOne(route, routes, tried);
    const wanted = match.types.length > 0;
    const types = wanted ? match.types : matchOne(withoutConditions(route), routes, tried).types;
    return {
      eventId: input.event === undefined ? null : publicId('evt', event.id),
      type: event.type,
      wanted,
      reason: match.reason,
      checks: checksOf(route, subscription.filter, tried),
      held: route.status === 'paused',
      requests: await this.requests.requestsFor(subscription, event, types),
    };
  }

  private async routesOf(space: SpaceRef, id: string): Promise<{ routes: Routes; route: Route }> {
    const routes = (await this.routing.current(this.database.sql, [space.id])).get(space.id);
    const route = routes?.routes.find(({ subscriptionId }) => subscriptionId === id);
    // It was deleted just now.
    if (!routes || !route) throw new NotFound('subscription');
    return { routes, route };
  }
}
