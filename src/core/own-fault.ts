import type { AttemptErrorCode } from './domain-types.js';

/** The egress proxy serves nobody: it is part of our own network. */
const PROXY_FAULTS = ['proxy_unreachable', 'proxy_auth_failed', 'proxy_error'] as const;
const OF_PROXY = new Set<string | null>(PROXY_FAULTS);

/** Whether an attempt failed because the egress proxy does not work. */
export function isProxyFault(errorCode: string | null): boolean {
  return OF_PROXY.has(errorCode);
}

/** The errors on our side. An attempt with one uses no step of the schedule and is repeated. */
export const OWN_FAULTS = ['interrupted', ...PROXY_FAULTS] as const satisfies AttemptErrorCode[];
const OWN = new Set<string | null>(OWN_FAULTS);

/** Whether an attempt ended through a fault on our side. */
export function isOwnFault(errorCode: string | null): boolean {
  return OWN.has(errorCode);
}
