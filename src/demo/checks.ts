import { ENDPOINTS, type Outcome } from './story.js';

/** What was not as promised, each in a sentence. Empty: all is well. */
export function checkDemo(outcome: Outcome): string[] {
  return [
    ...checkVerified(outcome),
    ...checkHealthy(outcome),
    ...checkRecovering(outcome),
    ...checkFailing(outcome),
  ];
}

function checkVerified({ received, events, deliveries }: Outcome): string[] {
  const failures: string[] = [];
  const forged = received.requests.filter(({ verified }) => !verified).length;
  if (forged > 0) failures.push(`${forged} requests did not verify with the standardwebhooks library.`);
  for (const endpoint of ENDPOINTS) {
    const made = deliveries[endpoint].length;
    if (made !== events.length)
      failures.push(`${endpoint} has ${made} deliveries for ${events.length} events.`);
  }
  return failures;
}

function checkHealthy({ received, events, deliveries }: Outcome): string[] {
  const failures = events
    .filter(({ id }) => received.of('healthy', id).length !== 1)
    .map(({ type }) => `healthy did not get ${type} exactly once.`);
  if (deliveries.healthy.some(({ status }) => status !== 'succeeded'))
    failures.push('healthy has open deliveries.');
  return failures;
}

function checkRecovering({ received, events, deliveries }: Outcome): string[] {
  const failures = events
    .filter(({ id }) => received.of('recovering', id).filter(({ status }) => status === 200).length !== 1)
    .map(({ type }) => `recovering did not take ${type} exactly once.`);
  const failed = received.of('recovering').filter(({ status }) => status !== 200).length;
  if (failed !== 2) failures.push(`recovering failed ${failed} times instead of twice.`);
  if (deliveries.recovering.some(({ status }) => status !== 'succeeded')) {
    failures.push('recovering has deliveries that did not succeed.');
  }
  return failures;
}

function checkFailing({ received, deliveries, subscriptions }: Outcome): string[] {
  const failures: string[] = [];
  const { status, pausedReason, failureCount } = subscriptions.failing;
  if (status !== 'paused' || pausedReason !== 'failures' || failureCount !== 10) {
    failures.push(
      `failing is ${status} (${pausedReason ?? 'no reason'}) after ${failureCount} failures in a row.`,
    );
  }
  const requests = received.of('failing').length;
  if (requests !== 10) failures.push(`failing got ${requests} requests instead of exactly 10.`);
  if (deliveries.failing.some((delivery) => delivery.status !== 'held')) {
    failures.push('failing has deliveries that are not held.');
  }
  return failures;
}
