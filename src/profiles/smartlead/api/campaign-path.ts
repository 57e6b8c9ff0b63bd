import { Refusal } from './refusal.js';
import { idOf } from './webhook-input.js';

/** We keep no campaigns, so any integer may be one. Throws Refusal for what is none. */
export function campaignIn(path: string): string {
  const id = idOf(path);
  if (id === null) throw new Refusal(404, 'Campaign not found - Invalid campaign_id.');
  return id;
}

/** A span of time. */
export interface Span {
  from: Date;
  to: Date;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** `fromTime` and `toTime`, ISO 8601. Throws Refusal; for what is absent too, unless it has a default. */
export function spanIn({ fromTime, toTime }: Record<string, unknown>, usual?: Span): Span {
  const from = timeIn(fromTime, usual?.from);
  const to = timeIn(toTime, usual?.to);
  if (from > to) throw wrong();
  return { from, to };
}

function timeIn(value: unknown, usual: Date | undefined): Date {
  if ((value === undefined || value === null) && usual) return usual;
  const time = typeof value === 'string' && TIME.test(value) ? new Date(value) : null;
  if (!time || Number.isNaN(time.getTime())) throw wrong();
  return time;
}

function wrong(): Refusal {
  return new Refusal(422, 'Invalid parameters provided');
}
