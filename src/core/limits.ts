/** What one space may have and do. */
export interface Limits {
  subscriptions: number;
  keys: number;
  portalLinks: number;
  /** Of the space's own. */
  eventTypes: number;
  /** Bytes of one stored filter. */
  filterBytes: number;
  /** Deliveries one publish request may make before it takes turns with others like it. */
  fanOut: number;
  /** Replays and bulk retries under way. */
  openJobs: number;
  /** Published events, for each process that publishes. */
  eventsPerSecond: number;
}

export type LimitName = keyof Limits;

export const DEFAULT_LIMITS: Limits = {
  subscriptions: 1_000,
  keys: 100,
  portalLinks: 10_000,
  eventTypes: 1_000,
  filterBytes: 16_384,
  fanOut: 100_000,
  openJobs: 20,
  eventsPerSecond: 20_000,
};

export const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as LimitName[];

/** A space's own limits over everybody's. */
export function limitsOf(own: Partial<Limits> | null, defaults: Limits): Limits {
  return { ...defaults, ...own };
}
