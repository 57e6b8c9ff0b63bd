import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import type { SubscriptionChanges } from './subscription.dto.js';

/** The fields of a row that people decide on, but for its uid and its secrets. */
export function decidedOf(row: SubscriptionEntity): Partial<SubscriptionEntity> {
  const all: (keyof SubscriptionEntity)[] = [...AS_GIVEN, ...OTHERS];
  const decided = all.filter((field) => field !== 'url' && field !== 'uid');
  return Object.fromEntries(decided.map((field) => [field, row[field]]));
}

/** Whether they may change what no view shows. */
export function hidesChanges({ clientCertificate, oauth2 }: SubscriptionChanges): boolean {
  return Boolean(clientCertificate) || Boolean(oauth2);
}

/** Fields that a row keeps in a form of their own. */
const OTHERS = [
  'scopeLevel',
  'clientId',
  'campaignId',
  'scopeTags',
  'filter',
  'headers',
  'clientCertificate',
  'oauth2',
  'profileOptions',
  'requestFormat',
  'ratePerSecond',
] as const satisfies (keyof SubscriptionEntity)[];

/** Fields that a row keeps just as they come in. */
export const AS_GIVEN = [
  'url',
  'events',
  'uid',
  'description',
  'metadata',
  'retrySchedule',
  'pauseAfter',
  'pauseAfterSeconds',
  'pauseMode',
  'onExhausted',
  'recovery',
  'timeoutMs',
  'heldDays',
  'heldMax',
  'passTraceparent',
  'eventTypeVersions',
] as const satisfies (keyof SubscriptionChanges & keyof SubscriptionEntity)[];
