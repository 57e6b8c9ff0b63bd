import { HIDDEN, difference, type Facts } from '../audit/changes.js';
import type { Target } from '../audit/record-change.js';
import { publicId } from '../core/ids.js';
import type { Sealer } from '../endpoints/seal.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { openParts } from './opened-parts.js';
import { masked, toView } from './subscription-wire.js';

/** What happens to a subscription by itself, or follows from something else. */
const NOT_DECIDED = [
  ...[
    'id',
    'pausedAt',
    'pausedDetail',
    'nextProbeAt',
    'failureCount',
    'firstFailureAt',
    'waitsUntil',
    'drainJobId',
    'lost',
  ],
  ...['createdAt', 'updatedAt'],
];

export function targetOf(id: string, uid: string | null): Target {
  return { type: 'subscription', id: publicId('sub', id), name: uid };
}

/** What people decide of a subscription, with the values of its headers. Only for `shown` and `shownDifference`. */
export function subscriptionFacts(sealer: Sealer, row: SubscriptionEntity, now: Date): Facts {
  const view = Object.entries(toView(row, openParts(sealer, row), now));
  return Object.fromEntries(view.filter(([name]) => !NOT_DECIDED.includes(name)));
}

/** The same without the values of its headers and of its address's query, which may be keys. */
export function shown(facts: Facts): Facts {
  const { headers, url } = facts;
  return {
    ...facts,
    ...(typeof headers === 'object' &&
      headers !== null && { headers: masked(headers as Record<string, string>) }),
    ...(typeof url === 'string' && { url: url.replace(/\?[^#]*/, maskValues) }),
  };
}

/** A parameter without a name, as in `?token`, is a value. */
function maskValues(query: string): string {
  return query.replaceAll(
    /([?&][^=&]*=)[^&]*|([?&])[^&]+/g,
    (_, named?: string, mark = '') => `${named ?? mark}${HIDDEN}`,
  );
}

/** What differs. A header or query of which only the value has changed is in both. */
export function shownDifference(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const both = difference(before, after);
  return { before: shown(both.before), after: shown(both.after) };
}
