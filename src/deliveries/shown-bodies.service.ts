import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DROPPED, removedOf } from '../core/removed.js';
import { Database } from '../database/database.js';
import { findEvents } from '../event-store/find-events.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { DeliveryLogService, type DeliveryRow } from './delivery-log.service.js';
import type { SentBody } from './delivery-wire.js';
import { ShownBody } from './shown-body.js';

/** What is sent of many deliveries, secrets masked. */
@Injectable()
export class ShownBodiesService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryLogService,
    private readonly bodies: ShownBody,
  ) {}

  /** By delivery. */
  async of(
    space: SpaceRef,
    rows: Pick<DeliveryRow, 'id' | 'event_id' | 'event_type' | 'subscription_id'>[],
  ): Promise<Map<string, SentBody>> {
    const events = await findEvents(this.database.sql, [...new Set(rows.map((row) => row.event_id))]);
    const hooks = await this.deliveries.hooksOf([...new Set(rows.map((row) => row.subscription_id))]);
    const bodies = new Map<string, SentBody>();
    for (const row of rows) {
      const event = events.get(row.event_id);
      const hook = hooks.get(row.subscription_id) ?? null;
      const method = hook?.format?.method ?? 'POST';
      const removed = event ? removedOf(event.removed ?? null) : DROPPED;
      const what =
        event && !removed
          ? { text: await this.bodies.of(event, row, hook, space, space.profile) }
          : { removed: removed ?? DROPPED };
      bodies.set(row.id, { ...what, method });
      // Each may have much to read, and others wait.
      await nextTurn();
    }
    return bodies;
  }
}
