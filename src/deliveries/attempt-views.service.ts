import { Injectable } from '@nestjs/common';
import type { ProfileName } from '../core/domain-types.js';
import { DROPPED, removedOf } from '../core/removed.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { AttemptLogService } from './attempt-log.service.js';
import type { AttemptDetail, DeliveryDetail } from './delivery.dto.js';
import { DeliveryLogService, type DeliveryHook, type DeliveryRow } from './delivery-log.service.js';
import {
  explanationOf,
  toAttemptDetail,
  toAttemptSummary,
  toDeliveryView,
  type SentBody,
} from './delivery-wire.js';
import { ShownBody } from './shown-body.js';

/** Attempts with everything about them: the request as it was sent, secrets masked, and what came back. */
@Injectable()
export class AttemptViewsService {
  constructor(
    private readonly deliveries: DeliveryLogService,
    private readonly attempts: AttemptLogService,
    private readonly bodies: ShownBody,
  ) {}

  /** One attempt of a `dlv_` id. Throws NotFound. */
  async one(space: SpaceRef, ref: string, n: number): Promise<AttemptDetail> {
    const delivery = await this.deliveries.find(space, ref);
    const attempt = await this.attempts.find(delivery.id, n);
    const found = await this.deliveries.hookOf(delivery.subscription_id);
    const body = await this.bodyOf(space, delivery, found, space.profile);
    return { ...toAttemptDetail(attempt, delivery.id, body), explanation: explanationOf(attempt, found) };
  }

  /** The last fifty attempts of a `dlv_` id, in order. `deleted`: what a subscription was that is gone. */
  async all(space: SpaceRef, ref: string, deleted: ProfileName): Promise<AttemptDetail[]> {
    const delivery = await this.deliveries.find(space, ref);
    const found = await this.deliveries.hookOf(delivery.subscription_id);
    const body = await this.bodyOf(space, delivery, found, deleted);
    const rows = await this.attempts.listFull(delivery.id);
    return rows.map((row) => ({
      ...toAttemptDetail(row, delivery.id, body),
      explanation: explanationOf(row, found),
    }));
  }

  /** A delivery with its attempts, and why the last one failed. Throws NotFound. */
  async delivery(space: SpaceRef, ref: string): Promise<DeliveryDetail> {
    const row = await this.deliveries.find(space, ref);
    const attempts = await this.attempts.list(row.id);
    const last = attempts.at(-1);
    const isFailing = last !== undefined && last.error_code !== null;
    const found = isFailing ? await this.deliveries.hookOf(row.subscription_id) : null;
    return {
      ...toDeliveryView(row),
      explanation: last ? explanationOf(last, found) : null,
      attempts: attempts.map(toAttemptSummary),
    };
  }

  /** Rendered again: the same stored facts give the same bytes, but for a secret, which stays hidden. */
  private async bodyOf(
    space: SpaceRef,
    delivery: DeliveryRow,
    found: DeliveryHook | null,
    deleted: ProfileName,
  ): Promise<SentBody> {
    const method = found?.format?.method ?? 'POST';
    const event = await this.attempts.eventOf(delivery.event_id);
    if (!event) return { removed: DROPPED, method };
    const removed = removedOf(event.removed ?? null);
    if (removed) return { removed, method };
    return { text: await this.bodies.of(event, delivery, found, space, deleted), method };
  }
}
