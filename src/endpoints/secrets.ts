import { Conflict } from '../core/errors.js';
import type { CertificatePair } from '../core/client-certificate.js';
import type { OAuth2Client } from '../core/oauth2.js';
import type { Sealer } from './seal.js';

/** A signing key in the clear. `expiresAt` is in milliseconds; null: the current one. */
export interface Secret {
  key: Buffer;
  expiresAt: number | null;
  /** When it became the current one, milliseconds; absent: with the subscription. */
  since?: number;
}

/** A signing key as its row keeps it: sealed, in base64. */
export interface StoredSecret {
  sealed: string;
  expiresAt: number | null;
  since?: number;
}

/** Each live key adds a signature to every request; more than a few would not fit a header. */
const MAX_LIVE = 5;

/** The secrets that still sign at `now`, in their order. */
export function liveSecrets<T extends { expiresAt: number | null }>(secrets: T[], now: number): T[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

/** The secret that was current at `at`, as long as it is kept; otherwise the current one. */
export function secretSince(secrets: readonly Secret[], at: number): Secret | undefined {
  return secrets.find(({ since = 0 }) => since <= at) ?? secrets[0];
}

/**
 * `key` becomes the current secret; those before it go on signing until the overlap ends or their own earlier end.
 * An overlap of 0 drops them all at once. Throws `Conflict` when too many would be live.
 */
export function rotateSecrets(secrets: Secret[], key: Buffer, now: number, overlapSeconds: number): Secret[] {
  const end = now + overlapSeconds * 1000;
  const previous = secrets
    .filter((secret) => !secret.key.equals(key))
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? end, end) }));
  const rotated: Secret[] = [{ key, expiresAt: null, since: now }, ...liveSecrets(previous, now)];
  if (rotated.length > MAX_LIVE) {
    throw new Conflict(
      'too_many_secrets',
      `At most ${MAX_LIVE} secrets can be active at once. Wait for one to expire, or rotate with overlapSeconds 0.`,
    );
  }
  return rotated;
}

export function sealSecrets(sealer: Sealer, subscriptionId: string, secrets: Secret[]): StoredSecret[] {
  return secrets.map(({ key, ...times }) => ({
    sealed: sealer.seal(secretContext(subscriptionId), key).toString('base64'),
    ...times,
  }));
}

/** Throws `SealBroken` when one does not open. */
export function openSecrets(sealer: Sealer, subscriptionId: string, stored: StoredSecret[]): Secret[] {
  return stored.map(({ sealed, ...times }) => ({
    key: sealer.open(secretContext(subscriptionId), Buffer.from(sealed, 'base64')),
    ...times,
  }));
}

export function sealHeaders(
  sealer: Sealer,
  subscriptionId: string,
  headers: Record<string, string>,
): Buffer | null {
  if (Object.keys(headers).length === 0) return null;
  return sealer.seal(headersContext(subscriptionId), Buffer.from(JSON.stringify(headers)));
}

/** Throws `SealBroken` when they do not open. */
export function openHeaders(
  sealer: Sealer,
  subscriptionId: string,
  sealed: Buffer | null,
): Record<string, string> {
  if (!sealed) return {};
  return JSON.parse(sealer.open(headersContext(subscriptionId), sealed).toString()) as Record<string, string>;
}

/** The sealed columns that hold one object each. */
type SealedColumn = 'client_certificate' | 'oauth2';

export function sealObject(
  sealer: Sealer,
  subscriptionId: string,
  column: SealedColumn,
  value: object | null,
): Buffer | null {
  if (value === null) return null;
  return sealer.seal(`subscriptions:${subscriptionId}:${column}`, Buffer.from(JSON.stringify(value)));
}

export function openCertificate(sealer: Sealer, id: string, sealed: Buffer | null): CertificatePair | null {
  return openObject(sealer, id, 'client_certificate', sealed) as CertificatePair | null;
}

export function openOAuth2(sealer: Sealer, id: string, sealed: Buffer | null): OAuth2Client | null {
  return openObject(sealer, id, 'oauth2', sealed) as OAuth2Client | null;
}

/** Throws `SealBroken` when it does not open. */
function openObject(sealer: Sealer, id: string, column: SealedColumn, sealed: Buffer | null): unknown {
  return sealed && JSON.parse(sealer.open(`subscriptions:${id}:${column}`, sealed).toString());
}

function secretContext(subscriptionId: string): string {
  return `subscriptions:${subscriptionId}:secret`;
}

function headersContext(subscriptionId: string): string {
  return `subscriptions:${subscriptionId}:headers`;
}
