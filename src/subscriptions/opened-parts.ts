import { SealBroken, type Sealer } from '../endpoints/seal.js';
import { openCertificate, openHeaders, openOAuth2 } from '../endpoints/secrets.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { certificateView, oauth2View, type OpenedParts } from './subscription-wire.js';

/** What is sealed of a subscription, as the API shows it, but with the values of its headers. */
export function openParts(sealer: Sealer, row: SubscriptionEntity): OpenedParts {
  return {
    headers: unlessBroken(() => openHeaders(sealer, row.id, row.headers)),
    clientCertificate: unlessBroken(() =>
      certificateView(openCertificate(sealer, row.id, row.clientCertificate)),
    ),
    oauth2: unlessBroken(() => oauth2View(openOAuth2(sealer, row.id, row.oauth2))),
  };
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
