/** The limits of one space. */
export interface Limits {
  subscriptions: number;
  keys: number;
  portalLinks: number;
  /** Event types the space defines itself. */
  eventTypes: number;
  /** Bytes of one stored filter. */
  filterBytes: number;
  /** Deliveries that one publish request may make before it is stored one at a time with others like it. */
  fanOut: number;
  /** Replays and bulk retries that run at a time. */
  openJobs: number;
  /** Published events a second, in each process that publishes. */
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

/** The default limits with the space's own in their place. */
export function limitsOf(own: Partial<Limits> | null, defaults: Limits): Limits {
  return { ...defaults, ...own };
}
