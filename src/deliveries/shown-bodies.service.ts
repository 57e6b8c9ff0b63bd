import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { findEvents } from '../event-store/find-events.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { DeliveryLogService, type DeliveryRow } from './delivery-log.service.js';
import { ShownBody } from './shown-body.js';

/** The bodies of many deliveries as they are sent, secrets masked. */
@Injectable()
export class ShownBodiesService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryLogService,
    private readonly bodies: ShownBody,
  ) {}

  /** By delivery; absent: its event has been dropped, or its data removed. */
  async of(
    space: SpaceRef,
    rows: Pick<DeliveryRow, 'id' | 'event_id' | 'event_type' | 'subscription_id'>[],
  ): Promise<Map<string, string>> {
    const events = await findEvents(this.database.sql, [...new Set(rows.map((row) => row.event_id))]);
    const hooks = await this.deliveries.hooksOf([...new Set(rows.map((row) => row.subscription_id))]);
    const bodies = new Map<string, string>();
    for (const row of rows) {
      const event = events.get(row.event_id);
      const hook = hooks.get(row.subscription_id) ?? null;
      if (event && event.removed === undefined)
        bodies.set(row.id, await this.bodies.of(event, row, hook, space, space.profile));
    }
    return bodies;
  }
}
