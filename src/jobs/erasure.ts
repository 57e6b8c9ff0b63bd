/** What stays: everything but the contents, or nothing at all. */
export const ERASURE_MODES = ['content', 'rows'] as const;
export type ErasureMode = (typeof ERASURE_MODES)[number];

/** What an erasure was about, without the subject itself. */
export interface ErasureCriteria {
  /** The whole space. */
  all: boolean;
  /** `evt_` ids. */
  events: string[] | null;
  subjectSha256: string | null;
  /** ISO 8601. */
  since: string | null;
  until: string;
}

/** How many rows of each kind it removed, or would. */
export interface ErasureCounts {
  events: number;
  deliveries: number;
  /** Deliveries that were pending or held. */
  cancelled: number;
  attempts: number;
  /** Ids that publishers gave their events. */
  eventKeys: number;
  /** Requests that test receivers kept. */
  testRequests: number;
}

export const NOTHING: ErasureCounts = {
  ...{ events: 0, deliveries: 0, cancelled: 0, attempts: 0, eventKeys: 0, testRequests: 0 },
};

/** What a second look found after an erasure. */
export interface ErasureVerification {
  /** ISO 8601. */
  at: string;
  /** How many events it looked at. */
  checked: number;
  /** What still holds something. */
  remaining: { events: number; deliveries: number; attempts: number; testRequests: number };
}

/** The counts of two slices together. */
export function plus(counts: ErasureCounts, more: Partial<ErasureCounts>): ErasureCounts {
  const entries = Object.entries(counts) as [keyof ErasureCounts, number][];
  return Object.fromEntries(
    entries.map(([name, count]) => [name, count + (more[name] ?? 0)]),
  ) as unknown as ErasureCounts;
}
