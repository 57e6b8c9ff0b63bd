import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../lib/clock.js';
import { NotFound, Throttled } from '../core/errors.js';
import { FairSemaphore } from '../lib/fair-semaphore.js';
import type { Database } from '../database/database.js';
import type { Routes, RoutingTable } from '../endpoints/routing.js';
import { reservationFor, matchInPieces, newEvent, type PlannedEvent } from './plan.js';
import { refusalOfTypes } from './type-rules.js';
import type { PublishRequest } from './store.js';
import { SLICE, storeInSlices, type SlicedOutcome } from './store-slices.js';

/** A request with more matches (events × subscriptions) is stored by itself: they are too many for one turn (ADR 9). */
export const WIDE = 2_000;
/** How long storing one may take, milliseconds: with pauses millions of deliveries take longer than the usual limit. */
const LIMIT_MS = 900_000;
/** Wide requests of one space that may wait in a process. */
const MAX_WAITING = 100;

/**
 * Stores requests that may make very many deliveries, one at a time and with the spaces in turn. Those beyond a space's
 * `fanOut` have a queue of their own, so others do not wait for them.
 */
export class WideStore {
  private readonly wide = new FairSemaphore(1);
  private readonly huge = new FairSemaphore(1);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
  ) {}

  /**
   * Plans the request, in many turns of the event loop. Returns it when it makes few deliveries after all; else null.
   */
  async narrowed(request: PublishRequest, routes: Routes): Promise<PublishRequest | null> {
    const { spaceId, drafts } = request;
    // It is refused where it is stored.
    if (refusalOfTypes(drafts, routes)) return request;
    const events: PlannedEvent[] = [];
    let total = 0;
    for (const draft of drafts) {
      const event = newEvent(spaceId, draft, routes, this.clock);
      const deliveries = [];
      for (const piece of matchInPieces(event, draft, routes, this.clock)) {
        deliveries.push(...piece);
        if (total + deliveries.length > SLICE) return null;
        await nextTurn();
      }
      total += deliveries.length;
      events.push({ event, draft, reservation: reservationFor(event, draft, deliveries.length), deliveries });
    }
    return { ...request, fanOut: total, plan: { version: routes.version, events } };
  }

  /**
   * Throws Throttled when too many of the space wait, and what `storeInSlices` throws. `pause` is awaited between
   * slices.
   */
  async store(request: PublishRequest, isHuge: boolean, pause: () => Promise<void>): Promise<SlicedOutcome> {
    const { spaceId } = request;
    const semaphore = isHuge ? this.huge : this.wide;
    if (semaphore.waitingOf(spaceId) >= MAX_WAITING) {
      const message =
        `${MAX_WAITING} requests of this space with many deliveries are waiting already. Wait for their ` +
        'responses.';
      throw new Throttled(message, 5);
    }
    return semaphore.run(spaceId, () =>
      this.database.transaction(async (sql) => {
        const routes = (await this.routing.current(sql, [spaceId])).get(spaceId);
        if (!routes) throw new NotFound('space');
        return storeInSlices(sql, this.clock, request, routes, pause);
      }, LIMIT_MS),
    );
  }
}
