import type { Settings } from '../config/settings.js';
import type { ProfileName } from '../core/domain-types.js';
import { newUuid } from '../core/ids.js';
import { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** The health of an endpoint that nothing has been sent to. */
const UNTRIED = {
  status: 'active' as const,
  pausedReason: null,
  pausedAt: null,
  failureCount: 0,
  firstFailureAt: null,
  lastFailureAt: null,
  lastRecoveryAt: null,
  lostCount: 0,
  recentPauses: null,
  lostSince: null,
  lostFirstAt: null,
  lostLastAt: null,
  probeStep: 0,
  nextProbeAt: null,
  drainedBy: null,
  waitsUntil: null,
  waitsSince: null,
  version: 1,
  resumedVersion: 0,
};

/** A subscription with every default and no secret. */
export function blankSubscription(
  space: SpaceRef,
  profile: ProfileName,
  settings: Settings,
  now: Date,
): SubscriptionEntity {
  const { defaults, options } = profileOf(profile);
  const { retrySchedule, pause, recovery, timeoutMs } = defaults;
  return Object.assign(new SubscriptionEntity(), {
    id: newUuid(now.getTime()),
    spaceId: space.id,
    uid: null,
    description: null,
    events: ['*'],
    scopeLevel: 'space',
    clientId: null,
    campaignId: null,
    scopeTags: null,
    filter: null,
    headers: null,
    clientCertificate: null,
    oauth2: null,
    retrySchedule: retrySchedule === 'operator' ? settings.retrySchedule : [...retrySchedule],
    pauseAfter: pause.after === 'operator' ? settings.pauseAfter : pause.after,
    pauseUnit: pause.unit,
    pauseMode: pause.mode,
    pauseAfterSeconds: 0,
    onExhausted: pause.onExhausted === 'operator' ? settings.onExhausted : pause.onExhausted,
    whilePaused: pause.whilePaused,
    recovery,
    timeoutMs,
    ratePerSecond: null,
    heldDays: null,
    heldMax: null,
    passTraceparent: false,
    profile,
    requestFormat: null,
    profileOptions: options.defaults,
    providerId: null,
    metadata: {},
    eventTypeVersions: null,
    ...UNTRIED,
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<SubscriptionEntity, 'url' | 'secrets'>);
}
