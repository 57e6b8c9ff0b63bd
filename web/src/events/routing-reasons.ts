const REASONS: Record<string, string> = {
  event_type: 'It does not subscribe to this event type.',
  scope: 'Its scope or its tags do not match.',
  paused: 'It was paused: the delivery is held.',
  priority: 'In its profile, another subscription has priority.',
  no_equivalent: 'Its profile has no equivalent of this event.',
  not_first: 'It gets this only once, and an earlier event was sent.',
  'profile:not_first':
    'It gets only the first event of each type for each lead, and this one is not marked as the first.',
  expired: 'The event expired, or its delivery was held for too long.',
  skipped: 'It was paused, and its profile does not hold deliveries.',
  created_later: 'It was created after this event.',
  changed_later: 'It did not match then. It was changed later and matches now.',
  test: 'This event was a test of another endpoint.',
};

/** Why a subscription does not get an event, or not yet. */
export function reasonInWords(reason: string | null): string {
  if (reason === null) return 'It did not match.';
  if (reason.startsWith('filter:')) return `Its filter on ${reason.slice('filter:'.length)} does not match.`;
  return REASONS[reason] ?? reason;
}
