import { ApiProperty } from '@nestjs/swagger';
import type { BodyFormat, ContentType, Method } from '../core/request-format.js';
import type { WantedTags } from '../core/tags.js';
import { Schema } from '../http/input-schemas.js';
import { WANTED_TAGS } from './subscription-schemas.js';
import type { OAuth2Method } from '../core/oauth2.js';
import type {
  OnExhausted,
  PausedReason,
  PauseMode,
  ProfileName,
  Recovery,
  ScopeLevel,
  SubscriptionStatus,
} from '../core/domain-types.js';

/** Whom a subscription listens to. */
export class ScopeView {
  level: ScopeLevel;
  clientId?: string;
  campaignId?: string;
  /** With level `tags`: the value of each, or the list of those that fit. */
  @Schema(WANTED_TAGS)
  tags?: WantedTags;
}

/** How fast an endpoint may be called. */
export class RateLimitView {
  perSecond: number;
}

/** The certificate that requests connect with; its key is never shown. */
export class ClientCertificateView {
  subject: string;
  issuer: string;
  /** Until when it is valid. */
  notAfter: string;
  /** SHA-256 of the certificate, with colons. */
  fingerprint: string;
}

/** The OAuth2 client whose tokens requests carry; its secret is never shown. */
export class OAuth2View {
  tokenUrl: string;
  clientId: string;
  scope: string | null;
  audience: string | null;
  authMethod: OAuth2Method;
}

/** Deliveries that used up their schedule and failed, since nobody sent them again. */
export class LostView {
  /** How many. */
  @ApiProperty({ type: 'integer' })
  count: number;
  /** When the event of the oldest of them was published. */
  since: string;
  /**
   * When the endpoint answered well again; null: it has not yet. `POST …/replay` with `lost: true` then sends exactly
   * these.
   */
  recoveredAt: string | null;
}

/** What the body of a request is made of. */
export class BodyView {
  format: BodyFormat;
  /** Absent without a template. */
  template?: string;
}

/** A subscription as the API shows it. */
export class SubscriptionView {
  /** `sub_…` */
  id: string;
  uid: string | null;
  url: string;
  description: string | null;
  events: string[];
  scope: ScopeView;
  filter: object | null;
  /**
   * Extra request headers. Values are `***` for keys without the scope `manage`; null: the key that sealed them is
   * lost.
   */
  headers: Record<string, string> | null;
  /** Null: none, or the key that sealed it is lost. */
  clientCertificate: ClientCertificateView | null;
  /** Null: none, or the key that sealed it is lost. */
  oauth2: OAuth2View | null;
  /** Seconds between attempts. */
  retrySchedule: number[];
  /** Failures that pause it; null: never. */
  pauseAfter: number | null;
  /** Seconds that must lie between the first and the last of these failures, too. */
  pauseAfterSeconds: number;
  pauseMode: PauseMode;
  /** What becomes of a delivery whose schedule is used up while the endpoint answers nothing well. */
  onExhausted: OnExhausted;
  recovery: Recovery;
  /** Milliseconds a whole attempt may take. */
  timeoutMs: number;
  rateLimit: RateLimitView | null;
  /** For how many days what is held waits for it; null: as many as the instance's. */
  heldDays: number | null;
  /** How many deliveries are held for it; null: as many as the instance's. */
  heldMax: number | null;
  /** Whether requests carry the `traceparent` of their events. */
  passTraceparent: boolean;
  /** What the body of a request is made of. */
  body: BodyView;
  contentType: ContentType;
  method: Method;
  /** The version in which it gets an event type, by name; null: as each is published. */
  @Schema({ type: 'object', nullable: true, additionalProperties: { type: 'integer' } })
  eventTypeVersions: Record<string, number> | null;
  profile: ProfileName;
  /** What only subscriptions of this profile have. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  profileOptions: object;
  /** What the provider's own API calls it; null where that is the id's UUID. */
  providerId: string | null;
  metadata: Record<string, string>;
  status: SubscriptionStatus;
  /** Null while active. */
  pausedReason: PausedReason | null;
  pausedAt: string | null;
  /** Why it is paused and what comes next, in words; null while active. */
  pausedDetail: string | null;
  /** When one of the held deliveries is tried; null while active, and where a person has to resume it. */
  nextProbeAt: string | null;
  /** Failed attempts since the last success. */
  failureCount: number;
  /** When the first of them was; null: there is none, or it is not known. */
  firstFailureAt: string | null;
  /** Until when nothing is sent because the endpoint asked for it (`Retry-After`); null: it does not wait. */
  waitsUntil: string | null;
  /** The job that sends what is held for it at a pace; null: there is none. */
  drainJobId: string | null;
  /** What was lost; null: nothing, or it was sent again. */
  lost: LostView | null;
  createdAt: string;
  updatedAt: string;
}

/** A new subscription, with its secret. */
export class CreatedSubscription extends SubscriptionView {
  /** Proves every request. Shown here and at `GET …/secret` only; null where there is none, or none to be shown. */
  secret: string | null;
}

/** A secret that signs until its end. */
export class PreviousSecret {
  secret: string;
  expiresAt: string;
}

/** The keys that sign a subscription's requests. */
export class SecretView {
  /** Null: it has none. */
  secret: string | null;
  /** Those before it which still sign, newest first. */
  previous: PreviousSecret[];
}

/** One page of subscriptions. */
export class SubscriptionPage {
  data: SubscriptionView[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export class ResealResult {
  /** Subscriptions looked at. */
  checked: number;
  /** How many of them were sealed with an older key. */
  resealed: number;
  /** Ids of those that none of the encryption keys opens. */
  unreadable: string[];
}
