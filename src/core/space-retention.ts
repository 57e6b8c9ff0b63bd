import type { Issue } from './errors.js';

/** For how many days a space keeps things. */
export interface SpaceRetention {
  /** Events, and deliveries with their attempts. */
  eventsDays: number;
  /** Attempts. */
  attemptsDays: number;
  /** Events' data, and the bodies and headers of attempts. */
  bodiesDays: number;
}

export const RETENTION_NAMES = ['eventsDays', 'attemptsDays', 'bodiesDays'] as const;

/**
 * A space's retention: its own days, never more than the instance's, since those are dropped as whole days. What goes
 * with the events is kept no longer than they are.
 */
export function retentionOf(own: Partial<SpaceRetention> | null, instanceDays: number): SpaceRetention {
  const eventsDays = Math.min(own?.eventsDays ?? instanceDays, instanceDays);
  return {
    eventsDays,
    attemptsDays: Math.min(own?.attemptsDays ?? eventsDays, eventsDays),
    bodiesDays: Math.min(own?.bodiesDays ?? eventsDays, eventsDays),
  };
}

/** What is wrong with a space's own retention. */
export function retentionIssues(own: Partial<SpaceRetention>, instanceDays: number): Issue[] {
  const issue = (name: keyof SpaceRetention, most: number, whose: string): Issue => ({
    path: `retention.${name}`,
    code: 'max',
    message: `must be ${most} or less: ${whose}.`,
  });
  const tooLong = RETENTION_NAMES.filter((name) => (own[name] ?? 0) > instanceDays);
  if (tooLong.length > 0)
    return tooLong.map((name) =>
      issue(name, instanceDays, 'the server keeps nothing longer (POSTHORN_RETENTION_DAYS)'),
    );
  const { eventsDays } = own;
  if (eventsDays === undefined) return [];
  return (['attemptsDays', 'bodiesDays'] as const)
    .filter((name) => (own[name] ?? 0) > eventsDays)
    .map((name) => issue(name, eventsDays, 'events are removed after eventsDays'));
}
