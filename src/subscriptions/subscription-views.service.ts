import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import type { Caller } from '../spaces/access.js';
import { Sealer } from '../endpoints/seal.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { openParts } from './opened-parts.js';
import type { SubscriptionView } from './subscription-view.dto.js';
import { masked, toView } from './subscription-wire.js';

/** Shows subscriptions to callers, each as much as its key may see. */
@Injectable()
export class SubscriptionViewsService {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Header values often are credentials: a `read` key sees their names only. */
  of(row: SubscriptionEntity, caller: Caller): SubscriptionView {
    const opened = openParts(this.sealer, row);
    const trusted = caller.kind === 'admin' || caller.scope === 'manage';
    if (!trusted && opened.headers) opened.headers = masked(opened.headers);
    return toView(row, opened, this.clock.date());
  }
}
