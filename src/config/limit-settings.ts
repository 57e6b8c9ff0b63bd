import { DEFAULT_LIMITS, type LimitName } from '../core/limits.js';
import { whole, type Setting } from './setting.js';

/** What a space may have where it has no limits of its own. */
export const LIMIT_SETTINGS: Record<LimitName, Setting<number>> = {
  subscriptions: limit(
    'SUBSCRIPTIONS',
    DEFAULT_LIMITS.subscriptions,
    'How many subscriptions a space may have.',
  ),
  keys: limit('KEYS', DEFAULT_LIMITS.keys, 'How many API keys a space may have.'),
  portalLinks: limit(
    'PORTAL_LINKS',
    DEFAULT_LIMITS.portalLinks,
    'How many valid portal links a space may have.',
  ),
  eventTypes: limit(
    'EVENT_TYPES',
    DEFAULT_LIMITS.eventTypes,
    'How many event types of its own a space may have.',
  ),
  filterBytes: limit('FILTER_BYTES', DEFAULT_LIMITS.filterBytes, 'How many bytes a stored filter may have.'),
  fanOut: limit(
    'FAN_OUT',
    DEFAULT_LIMITS.fanOut,
    'How many deliveries (events × subscriptions) one publish request may make before it takes turns ' +
      'with others like it.',
  ),
  openJobs: limit(
    'OPEN_JOBS',
    DEFAULT_LIMITS.openJobs,
    'How many unfinished replays and bulk retries a space may have.',
  ),
  eventsPerSecond: limit(
    'EVENTS_PER_SECOND',
    DEFAULT_LIMITS.eventsPerSecond,
    'How many events a second a space may publish, for each process that publishes.',
  ),
};

function limit(name: string, value: number, doc: string): Setting<number> {
  const variable = `POSTHORN_LIMIT_${name}`;
  return whole([1, 100_000_000], 'a number from 1 to 100000000, e.g. 1000', {
    variable,
    default: value,
    doc,
  });
}
