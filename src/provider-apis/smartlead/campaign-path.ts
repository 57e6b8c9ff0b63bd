import { hasZone, parseTime } from '../../lib/iso-time.js';
import { SmartleadError } from './smartlead-error.js';
import { positiveIdOf } from './webhook-input.js';

/** We keep no campaigns, so any integer may be one. Throws Refusal for what is none. */
export function campaignIn(path: string): string {
  const id = positiveIdOf(path);
  if (id === null) throw new SmartleadError(404, 'Campaign not found - Invalid campaign_id.');
  return id;
}

/** A span of time. */
export interface Span {
  from: Date;
  to: Date;
}

/** `fromTime` and `toTime`, ISO 8601. Throws Refusal; for what is absent too, unless it has a default. */
export function spanIn({ fromTime, toTime }: Record<string, unknown>, usual?: Span): Span {
  const from = timeIn(fromTime, usual?.from);
  const to = timeIn(toTime, usual?.to);
  if (from > to) throw wrong();
  return { from, to };
}

function timeIn(value: unknown, usual: Date | undefined): Date {
  if ((value === undefined || value === null) && usual) return usual;
  const time = typeof value === 'string' && hasZone(value) ? parseTime(value) : null;
  if (time === null) throw wrong();
  return new Date(time);
}

function wrong(): SmartleadError {
  return new SmartleadError(422, 'Invalid parameters provided');
}
