import { Invalid, type Issue } from '../core/errors.js';
import type { EventDraft } from './draft.js';
import { MAX_AHEAD_MS } from './event-limits.js';

/** Throws Invalid for events that are to be delivered too late. `now`: epoch milliseconds. */
export function checkTimes(drafts: EventDraft[], now: number): void {
  const issues = drafts.flatMap((draft) => (draft.deliverAt === undefined ? [] : issuesOf(draft, now)));
  if (issues.length > 0) throw new Invalid(issues);
}

/** A time in the past is valid, as for `expiresAt`: it means now. */
function issuesOf({ at, deliverAt, expiry }: EventDraft, now: number): Issue[] {
  const path = at === '' ? 'deliverAt' : `${at}.deliverAt`;
  const time = deliverAt?.getTime() ?? now;
  if (time > now + MAX_AHEAD_MS) {
    const message = 'is more than 365 days ahead. Publish the event later, or give an earlier time.';
    return [{ path, code: 'too_far_ahead', message }];
  }
  const end = typeof expiry === 'number' ? now + expiry * 1_000 : (expiry?.getTime() ?? Infinity);
  if (time <= now || time < end) return [];
  const message = 'is not before the event expires, so it would never be delivered. Let it expire later.';
  return [{ path, code: 'deliver_after_expiry', message }];
}
