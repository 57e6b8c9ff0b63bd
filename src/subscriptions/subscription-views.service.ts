import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import type { Caller } from '../spaces/access.js';
import { SealBroken, Sealer } from '../endpoints/seal.js';
import { openCertificate, openHeaders, openOAuth2 } from '../endpoints/secrets.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import type { SubscriptionView } from './subscription-view.dto.js';
import { certificateView, masked, oauth2View, toView } from './subscription-wire.js';

/** Shows subscriptions to callers, each as much as its key may see. */
@Injectable()
export class SubscriptionViewsService {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Header values often are credentials: a `read` key sees their names only. */
  of(row: SubscriptionEntity, caller: Caller): SubscriptionView {
    const { sealer } = this;
    const headers = unlessBroken(() => openHeaders(sealer, row.id, row.headers));
    const trusted = caller.kind === 'admin' || caller.scope === 'manage';
    const opened = {
      headers: trusted || !headers ? headers : masked(headers),
      clientCertificate: unlessBroken(() =>
        certificateView(openCertificate(sealer, row.id, row.clientCertificate)),
      ),
      oauth2: unlessBroken(() => oauth2View(openOAuth2(sealer, row.id, row.oauth2))),
    };
    return toView(row, opened, this.clock.date());
  }
}

/** Null for what does not open: a lost key hides a part of one subscription, and no list. */
function unlessBroken<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
