import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { isAtLeast } from '../core/roles.js';
import type { Caller } from '../spaces/access.js';
import { Sealer } from '../endpoints/seal.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { openParts } from './opened-parts.js';
import type { SubscriptionView } from './subscription-view.dto.js';
import { masked, toView } from './subscription-wire.js';

/** Whether a caller may see secrets and the values of headers. */
export function seesSecrets(caller: Caller): boolean {
  if (caller.kind === 'portal') return caller.rights.includes('secrets');
  if (caller.kind === 'person') return isAtLeast(caller.role, 'operator');
  return caller.kind === 'admin' || caller.scope === 'manage';
}

/** Shows subscriptions to callers, each as much as its key may see. */
@Injectable()
export class SubscriptionViewsService {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Header values often are credentials: a `read` key, or a link without that right, sees their names only. */
  of(row: SubscriptionEntity, caller: Caller): SubscriptionView {
    const opened = openParts(this.sealer, row);
    if (!seesSecrets(caller) && opened.headers) opened.headers = masked(opened.headers);
    return toView(row, opened, this.clock.date());
  }
}
