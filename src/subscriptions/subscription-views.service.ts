import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import type { Caller } from '../spaces/access.js';
import { SealBroken, Sealer } from '../endpoints/seal.js';
import { openHeaders } from '../endpoints/secrets.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
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
    const headers = this.headersOf(row);
    const trusted = caller.kind === 'admin' || caller.scope === 'manage';
    return toView(row, trusted || !headers ? headers : masked(headers), this.clock.date());
  }

  /** Null when they do not open: a lost key hides one subscription's headers, and no list. */
  private headersOf(row: SubscriptionEntity): Record<string, string> | null {
    try {
      return openHeaders(this.sealer, row.id, row.headers);
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }
}
