import { Injectable } from '@nestjs/common';
import { Invalid, NotFound } from '../core/errors.js';
import { AttemptViewsService } from '../deliveries/attempt-views.service.js';
import {
  type AttemptDetail,
  type DeliveryDetail,
  DeliveryQuery,
  type DeliveryView,
} from '../deliveries/delivery.dto.js';
import { DeliveryLogService } from '../deliveries/delivery-log.service.js';
import { toDeliveryView } from '../deliveries/delivery-wire.js';
import { page, type Page } from '../http/list.dto.js';
import { checked, startOf } from './checked-input.js';
import { KnownErrors } from '../http/known-errors.js';
import { SpacesByName, type SpaceName } from './spaces-by-name.js';

/** The delivery log of a space, and what can be done with one delivery. Ids and times are as in the HTTP API. */
@Injectable()
@KnownErrors()
export class WebhookDeliveries {
  constructor(
    private readonly spaces: SpacesByName,
    private readonly log: DeliveryLogService,
    private readonly views: AttemptViewsService,
  ) {}

  /**
   * A page of deliveries, newest first, 50 unless `limit` says otherwise (up to 250). Pass its `nextCursor` as `cursor`
   * for the next one. Throws NotFound for the space, Invalid for the query, BadRequest for a cursor of another list.
   */
  async list(space: SpaceName, query: Partial<DeliveryQuery> = {}): Promise<Page<DeliveryView>> {
    const [found, form] = [await this.spaces.find(space), await checked(DeliveryQuery, query)];
    const context = `deliveries:${found.id}`;
    const rows = await this.log.list(found, form, startOf(this.spaces.cursors, context, form));
    return page(rows, form, this.spaces.cursors, context, toDeliveryView);
  }

  /** One delivery, by its `dlv_` id, with its attempts, oldest first. Throws NotFound. */
  async get(space: SpaceName, delivery: string): Promise<DeliveryDetail> {
    return this.views.delivery(await this.spaces.find(space), delivery);
  }

  /**
   * The `n`th attempt of a delivery, 1 for the first: the request as it was sent, secrets masked, and what came back.
   * Timings are milliseconds. Throws NotFound.
   */
  async attempt(space: SpaceName, delivery: string, n: number): Promise<AttemptDetail> {
    if (!Number.isSafeInteger(n) || n < 1 || n > 999_999_999) throw new NotFound('attempt');
    return this.views.one(await this.spaces.find(space), delivery, n);
  }

  /**
   * Makes one attempt now, whatever the status; while one is under way, one more follows unless it succeeds. Throws
   * NotFound, and Conflict when the subscription is deleted or nothing is left to send.
   */
  async retry(space: SpaceName, delivery: string): Promise<DeliveryView> {
    return toDeliveryView(await this.log.retry(await this.spaces.find(space), delivery));
  }

  /** Cancels a pending or held delivery. Throws NotFound, and Conflict when it is finished. */
  async cancel(space: SpaceName, delivery: string): Promise<DeliveryView> {
    return toDeliveryView(await this.log.cancel(await this.spaces.find(space), delivery));
  }
}

/** Throws Invalid for a filter without any condition, which would be all there is. */
export function checkConditions(filter: object): void {
  if (Object.values(filter).some((value) => value !== undefined)) return;
  const message = 'Give at least one condition: subscription, event, type, status, since or until.';
  throw new Invalid([{ path: 'status', code: 'no_condition', message }]);
}
