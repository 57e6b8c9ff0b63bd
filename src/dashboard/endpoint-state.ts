import { liveSecrets, type StoredSecret } from '../endpoints/secrets.js';
import type { EndpointCertificateView, EndpointProofView, EndpointRateView } from './endpoint-state.dto.js';

const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

/** What the state of an endpoint is made from. */
export interface EndpointRow {
  id: string;
  profile: string;
  /** Of the native profile, where the subscription has chosen one. */
  style: string | null;
  secrets: StoredSecret[];
  createdAt: Date;
  perSecond: number | null;
  /** When the last slot of its rate that is taken ends; null: none is. */
  takenUntil: Date | null;
}

export function certificateOf(
  seen: { validTo: Date; seenAt: Date } | null,
  now: number,
): EndpointCertificateView | null {
  if (seen === null) return null;
  const daysLeft = Math.floor((seen.validTo.getTime() - now) / DAY_MS);
  return {
    validTo: seen.validTo.toISOString(),
    seenAt: seen.seenAt.toISOString(),
    daysLeft,
    warning: warningFor(daysLeft),
  };
}

function warningFor(daysLeft: number): string | null {
  if (daysLeft < 0) return 'The endpoint’s TLS certificate has expired: renew it, or requests fail.';
  if (daysLeft >= WARN_DAYS) return null;
  const when = daysLeft === 0 ? 'today' : daysLeft === 1 ? 'in one day' : `in ${daysLeft} days`;
  return `The endpoint’s TLS certificate expires ${when}: renew it before, or requests fail.`;
}

export function proofOf({ profile, style, secrets, createdAt }: EndpointRow, now: number): EndpointProofView {
  return {
    style: style ?? (profile === 'native' ? 'standard-webhooks' : profile),
    secrets: liveSecrets(secrets, now).map(({ since, expiresAt }) => ({
      since: new Date(since ?? createdAt).toISOString(),
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    })),
  };
}

export function rateOf({ perSecond, takenUntil }: EndpointRow, now: number): EndpointRateView | null {
  if (perSecond === null) return null;
  return { perSecond, nextAt: takenUntil && takenUntil.getTime() > now ? takenUntil.toISOString() : null };
}
