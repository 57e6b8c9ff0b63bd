import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Throttled } from '../core/errors.js';
import { limitsOf } from '../core/limits.js';
import { TokenBuckets } from '../lib/token-buckets.js';
import { Database } from '../database/database.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import type { PublishRequest } from './store.js';

/** A request that may be published. */
export interface Admitted {
  /** As last read; null when the space does not exist. */
  routes: Routes | null;
  /** The greatest number of deliveries that it can make. */
  fanOut: number;
  /** Whether that is more than the space's `fanOut` limit. */
  isHuge: boolean;
}

/**
 * Enforces each space's limit of events a second in this process, and computes how many deliveries a request can make.
 */
@Injectable()
export class PublishAdmission {
  private readonly rates = new TokenBuckets();
  /** By space: the first read of its routes, shared by all requests of that moment. */
  private readonly loading = new Map<string, Promise<Routes | null>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly settings: Settings,
  ) {}

  /** Throws Throttled when the space publishes too much. */
  admit({ spaceId, drafts }: PublishRequest): Promise<Admitted> {
    return this.admitEvents(spaceId, drafts.length);
  }

  /** The same for so many events. */
  async admitEvents(spaceId: string, events: number): Promise<Admitted> {
    const routes = this.routing.remembered([spaceId])?.get(spaceId) ?? (await this.loadRoutes(spaceId));
    if (!routes) return { routes, fanOut: 0, isHuge: false };
    const limits = limitsOf(routes.limits, this.settings.spaceLimits);
    const wait = this.waitMs(spaceId, events, routes);
    if (wait > 0) {
      const seconds = Math.max(1, Math.ceil(wait / 1_000));
      const message =
        `The space may publish ${limits.eventsPerSecond} events a second. Repeat this in ${seconds} s, or ` +
        'have the operator raise limits.eventsPerSecond of the space.';
      throw new Throttled(message, seconds);
    }
    const fanOut = events * routes.routes.length;
    return { routes, fanOut, isHuge: fanOut > limits.fanOut };
  }

  /** Counts so many events of the space and gives 0; or counts nothing and gives how long to wait, milliseconds. */
  waitMs(spaceId: string, events: number, routes: Routes): number {
    const { eventsPerSecond } = limitsOf(routes.limits, this.settings.spaceLimits);
    return this.rates.consume(spaceId, events, eventsPerSecond, this.clock.now());
  }

  private loadRoutes(spaceId: string): Promise<Routes | null> {
    const under = this.loading.get(spaceId);
    if (under) return under;
    const look = this.routing
      .current(this.database.sql, [spaceId])
      .then((routes) => routes.get(spaceId) ?? null)
      .finally(() => this.loading.delete(spaceId));
    this.loading.set(spaceId, look);
    return look;
  }
}
