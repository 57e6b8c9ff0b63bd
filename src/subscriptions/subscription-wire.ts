import { parseExactly } from '../lib/exact-number.js';
import { certificateFacts, type CertificatePair } from '../core/client-certificate.js';
import type { OAuth2Client } from '../core/oauth2.js';
import { USUAL_FORMAT, type RequestFormat } from '../core/request-format.js';
import { publicId } from '../core/ids.js';
import type { ProfileName } from '../core/domain-types.js';
import { nextProbeTime, describePause } from '../endpoints/pause-description.js';
import type {
  ClientCertificateView,
  LostView,
  OAuth2View,
  ScopeView,
  SecretView,
  SubscriptionView,
} from './subscription-view.dto.js';
import { profileOf } from '../profiles/registry.js';
import type { Secret } from '../endpoints/secrets.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';

/** Stands for a header's value wherever the caller may not see it. */
export const MASK = '***';

/** What was sealed, as the API shows it; null: there is none, or it does not open. */
export interface OpenedParts {
  headers: Record<string, string> | null;
  clientCertificate: ClientCertificateView | null;
  oauth2: OAuth2View | null;
}

/** A row as the API shows it. */
export function toView(row: SubscriptionEntity, opened: OpenedParts, now: Date): SubscriptionView {
  const waitsUntil = row.waitsUntil !== null && row.waitsUntil > now ? row.waitsUntil : null;
  return {
    id: publicId('sub', row.id),
    uid: row.uid,
    url: row.url,
    description: row.description,
    events: row.events,
    scope: scopeOf(row),
    filter: row.filter === null ? null : (parseExactly(row.filter) as object),
    headers: opened.headers,
    clientCertificate: opened.clientCertificate,
    oauth2: opened.oauth2,
    retrySchedule: row.retrySchedule,
    pauseAfter: row.pauseAfter,
    pauseAfterSeconds: row.pauseAfterSeconds,
    pauseMode: row.pauseMode,
    onExhausted: row.onExhausted,
    recovery: row.recovery,
    timeoutMs: row.timeoutMs,
    rateLimit: row.ratePerSecond === null ? null : { perSecond: row.ratePerSecond },
    heldDays: row.heldDays,
    heldMax: row.heldMax,
    passTraceparent: row.passTraceparent,
    ...formatView(row.requestFormat),
    eventTypeVersions: row.eventTypeVersions,
    profile: row.profile,
    profileOptions: row.profileOptions,
    providerId: row.providerId,
    metadata: row.metadata,
    status: row.status,
    pausedReason: row.pausedReason,
    pausedAt: textOf(row.pausedAt),
    pausedDetail: row.status === 'paused' ? describePause(row, now) : null,
    nextProbeAt: row.status === 'paused' ? textOf(nextProbeTime(row)) : null,
    failureCount: row.failureCount,
    firstFailureAt: row.failureCount > 0 ? textOf(row.firstFailureAt) : null,
    waitsUntil: textOf(waitsUntil),
    drainJobId: row.drainedBy === null ? null : publicId('job', row.drainedBy),
    lost: lostOf(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function formatView(format: RequestFormat | null): Pick<SubscriptionView, 'body' | 'contentType' | 'method'> {
  const { body, template, contentType, method } = format ?? USUAL_FORMAT;
  return { body: { format: body, ...(template !== null && { template }) }, contentType, method };
}

export function certificateView(pair: CertificatePair | null): ClientCertificateView | null {
  const facts = pair && certificateFacts(pair.certificate);
  return facts && { ...facts, notAfter: facts.notAfter.toISOString() };
}

/** Field by field: the secret must never come along. */
export function oauth2View(client: OAuth2Client | null): OAuth2View | null {
  if (client === null) return null;
  const { tokenUrl, clientId, scope = null, audience = null, authMethod = 'client_secret_basic' } = client;
  return { tokenUrl, clientId, scope, audience, authMethod };
}

function textOf(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}

function lostOf({ lostCount, lostSince, lostLastAt, lastRecoveryAt }: SubscriptionEntity): LostView | null {
  if (lostCount === 0 || lostSince === null) return null;
  const isOver = lastRecoveryAt !== null && (lostLastAt === null || lastRecoveryAt >= lostLastAt);
  return {
    count: lostCount,
    since: lostSince.toISOString(),
    recoveredAt: isOver ? lastRecoveryAt.toISOString() : null,
  };
}

export function masked(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, MASK]));
}

/** Live secrets, newest first, as the API shows them. */
export function toSecretView([current, ...previous]: Secret[], profile: ProfileName): SecretView {
  const { format } = profileOf(profile).secrets;
  return {
    secret: current ? format(current.key) : null,
    previous: previous.map(({ key, expiresAt }) => ({
      secret: format(key),
      expiresAt: new Date(expiresAt ?? 0).toISOString(),
    })),
  };
}

function scopeOf({ scopeLevel, clientId, campaignId, scopeTags }: SubscriptionEntity): ScopeView {
  if (scopeTags !== null) return { level: scopeLevel, tags: scopeTags };
  if (clientId !== null) return { level: scopeLevel, clientId };
  return campaignId === null ? { level: scopeLevel } : { level: scopeLevel, campaignId };
}
