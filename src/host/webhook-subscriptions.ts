import { Injectable } from '@nestjs/common';
import { page, type Page } from '../http/list.dto.js';
import { cursorPlaceOf, placeText } from '../http/search.dto.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { ResumeInput, RotateInput } from '../subscriptions/lifecycle.dto.js';
import { LifecycleService } from '../subscriptions/lifecycle.service.js';
import { RotationService } from '../subscriptions/rotation.service.js';
import { sortedPlace } from '../subscriptions/search-subscriptions.js';
import { NewSubscription, SubscriptionChanges } from '../subscriptions/subscription.dto.js';
import { SubscriptionQuery } from '../subscriptions/subscription-query.dto.js';
import type {
  CreatedSubscription,
  SecretView,
  SubscriptionView,
} from '../subscriptions/subscription-view.dto.js';
import { SubscriptionViewsService } from '../subscriptions/subscription-views.service.js';
import { toSecretView } from '../subscriptions/subscription-wire.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';
import { checked } from './checked-input.js';
import { KnownErrors } from '../http/known-errors.js';
import { SpacesByName, type SpaceName } from './spaces-by-name.js';

/**
 * The subscriptions of a space, as the HTTP API shows them. A subscription is named by its `sub_` id or its uid. Every
 * method throws NotFound for a space or subscription that there is not, and Invalid for input, which names each field.
 */
@Injectable()
@KnownErrors()
export class WebhookSubscriptions {
  constructor(
    private readonly spaces: SpacesByName,
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rotation: RotationService,
    private readonly views: SubscriptionViewsService,
  ) {}

  /** Makes one; the answer holds its secret. Throws Conflict for a taken uid, LimitReached at the space's limit. */
  async create(space: SpaceName, input: Partial<NewSubscription>): Promise<CreatedSubscription> {
    const found = await this.spaces.find(space);
    const row = await this.subscriptions.create(found, await checked(NewSubscription, input));
    return { ...this.view(row), secret: this.rotation.secretAtCreation(row) };
  }

  /** A page, newest first, 50 unless `limit` says otherwise (up to 250). Throws BadRequest for a foreign cursor. */
  async list(space: SpaceName, query: Partial<SubscriptionQuery> = {}): Promise<Page<SubscriptionView>> {
    const { cursors } = this.spaces;
    const [found, form] = [await this.spaces.find(space), await checked(SubscriptionQuery, query)];
    const isByText = form.sort !== 'created';
    const context = `subscriptions:${found.id}${isByText ? `:${form.sort}` : ''}`;
    const after = cursorPlaceOf(cursors, context, form.cursor, isByText);
    const rows = await this.subscriptions.search(found, { ...form, after, limit: form.limit + 1 });
    const place = (row: SubscriptionEntity) => placeText(sortedPlace(row, form.sort));
    return page(rows, form, cursors, context, (row) => this.view(row), place);
  }

  /** One subscription with its health. */
  async get(space: SpaceName, subscription: string): Promise<SubscriptionView> {
    return this.view(await this.subscriptions.find(await this.spaces.find(space), subscription));
  }

  /** Changes the given fields. Throws Conflict for a taken uid. */
  async update(
    space: SpaceName,
    subscription: string,
    changes: Partial<SubscriptionChanges>,
  ): Promise<SubscriptionView> {
    const form = await checked(SubscriptionChanges, changes);
    return this.view(await this.subscriptions.update(await this.spaces.find(space), subscription, form));
  }

  /** Deletes it, and cancels its open deliveries. */
  async delete(space: SpaceName, subscription: string): Promise<void> {
    await this.lifecycle.delete(await this.spaces.find(space), subscription);
  }

  /** From now on its deliveries are held. */
  async pause(space: SpaceName, subscription: string): Promise<SubscriptionView> {
    return this.view(await this.lifecycle.pause(await this.spaces.find(space), subscription));
  }

  /** Goes on, and delivers what was held, oldest first, or discards it. */
  async resume(
    space: SpaceName,
    subscription: string,
    how: Partial<ResumeInput> = {},
  ): Promise<SubscriptionView> {
    const { backlog } = await checked(ResumeInput, how);
    return this.view(await this.lifecycle.resume(await this.spaces.find(space), subscription, backlog));
  }

  /**
   * Makes a new secret the current one; those before it sign along for `overlapSeconds` (default 86,400). Throws
   * Conflict with five secrets, or where its profile has none to exchange.
   */
  async rotateSecret(
    space: SpaceName,
    subscription: string,
    how: Partial<RotateInput> = {},
  ): Promise<SecretView> {
    const found = await this.spaces.find(space);
    const secrets = await this.rotation.rotate(found, subscription, await checked(RotateInput, how));
    return toSecretView(secrets, (await this.subscriptions.find(found, subscription)).profile);
  }

  /** The secrets that sign its requests, the current one first. */
  async secrets(space: SpaceName, subscription: string): Promise<SecretView> {
    const row = await this.subscriptions.find(await this.spaces.find(space), subscription);
    return toSecretView(this.rotation.secretsOf(row), row.profile);
  }

  private view(row: SubscriptionEntity): SubscriptionView {
    return this.views.of(row, { kind: 'admin' });
  }
}
