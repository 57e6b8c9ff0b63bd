import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  ON_EXHAUSTED,
  PAUSE_MODES,
  RECOVERIES,
  SUBSCRIPTION_STATUSES,
  type OnExhausted,
  type PauseMode,
  type ProfileName,
  type Recovery,
  type SubscriptionStatus,
} from '../core/domain-types.js';
import { CONTENT_TYPES, METHODS, type ContentType, type Method } from '../core/request-format.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { Schema, SchemaRule } from '../http/input-schemas.js';
import { BodyInput } from './body.dto.js';
import { ClientCertificateInput, OAuth2Input } from './credentials.dto.js';
import { FILTER, FORM_RULE, HEADERS, HTTP_URL, PATTERN, PINS } from './subscription-schemas.js';
import { ScopeInput } from './scope.dto.js';
import { IsMetadata, type Metadata } from '../http/metadata.js';
import { IsUid } from '../http/uid.js';
import { knownProfiles } from '../profiles/registry.js';

/** How fast an endpoint may be called. */
export class RateLimitInput {
  /** Attempts a second at most. */
  @ApiProperty({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(10_000)
  perSecond: number;
}

/** An endpoint and what it wants to hear. */
@SchemaRule(FORM_RULE)
export class NewSubscription {
  /** Where events are sent. https, unless the operator allows http; no user name, no private target. */
  @Schema(HTTP_URL)
  @IsString()
  @MaxLength(2_048)
  url: string;

  /** Event names, `prefix.*` for everything below a prefix, or `*` for all, which is the default. */
  @OptionalNotNull()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  @Schema({ type: 'array', items: PATTERN })
  events?: string[];

  /** Your own id for it, unique in the space. Every path that takes a `sub_` id takes it too. */
  @OrNull('for none')
  @IsUid()
  uid?: string | null;

  /** For people. */
  @OrNull('for none')
  @IsString()
  @MaxLength(1_024)
  description?: string | null;

  /** Your own notes: up to 50 texts by name. */
  @OptionalNotNull()
  @IsMetadata()
  metadata?: Metadata;

  /** Default: the whole space. */
  @OptionalNotNull()
  @IsObject()
  @ValidateNested()
  @Type(() => ScopeInput)
  scope?: ScopeInput;

  /**
   * Conditions on the event's data, by path: `{"lead.country": {"in": ["FR", "BE"]}}`. All must hold. `{"prefix": "a"}`
   * and `{"suffix": "z"}` fit strings. `"$or": [filter, filter]` holds when one of these filters does; 32 conditions in
   * all. A key that has dots stands in brackets: `lead["a.b"].c`. Numbers are compared to the last digit.
   */
  @Schema(FILTER)
  @OrNull('for none')
  @IsObject()
  filter?: object | null;

  /** Extra request headers. Kept encrypted; shown to `manage` keys only. */
  @Schema(HEADERS)
  @OptionalNotNull()
  @IsObject()
  headers?: Record<string, string>;

  /** A certificate to connect with (mTLS). Null: none. */
  @OrNull('for none')
  @IsObject()
  @ValidateNested()
  @Type(() => ClientCertificateInput)
  clientCertificate?: ClientCertificateInput | null;

  /** Requests carry an access token of this OAuth2 client in `authorization`. Null: none. */
  @OrNull('for none')
  @IsObject()
  @ValidateNested()
  @Type(() => OAuth2Input)
  oauth2?: OAuth2Input | null;

  /** `whsec_` and the base64 of 24 to 64 bytes; other profiles have forms of their own. Default: one is made. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(256)
  secret?: string;

  /**
   * Seconds between attempts. Empty: one attempt and no retry. Default: the operator's, `[5, 30, 300, 3600, 21600]`.
   */
  @OptionalNotNull()
  @IsArray()
  @ArrayMaxSize(20)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(604_800, { each: true })
  @Schema({ type: 'array', items: { type: 'integer', minimum: 0, maximum: 604_800 } })
  retrySchedule?: number[];

  /** How many failures in a row pause it; null: never. Default: the operator's, 10. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @OrNull('to never pause it')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  pauseAfter?: number | null;

  /**
   * So many seconds must lie between the first and the last of these failures, too, so that a restart under load pauses
   * nothing. Default 0.
   */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @IsInt()
  @Min(0)
  @Max(604_800)
  pauseAfterSeconds?: number;

  /** `consecutive` (default): a success starts the count of failures anew; `total`: only a person's resume does. */
  @OptionalNotNull()
  @IsIn(PAUSE_MODES)
  pauseMode?: PauseMode;

  /**
   * When the schedule is used up. `fail`: the delivery has failed. `hold`: where the endpoint has answered nothing well
   * since the delivery's first attempt, it is paused and the delivery held until it recovers. Default: the operator's,
   * `fail`.
   */
  @OptionalNotNull()
  @IsIn(ON_EXHAUSTED)
  onExhausted?: OnExhausted;

  /** `probe` (default): while paused, try one held delivery after 5 min, 1 h and 6 h, and resume on success;
   * when the failures lay within a minute, after 10 s, 30 s and 2 min first. `manual`: wait for a person. */
  @OptionalNotNull()
  @IsIn(RECOVERIES)
  recovery?: Recovery;

  /** Milliseconds a whole attempt may take. Default 15,000. */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @IsInt()
  @Min(1_000)
  @Max(30_000)
  timeoutMs?: number;

  /** Default: none. */
  @OrNull('for none')
  @IsObject()
  @ValidateNested()
  @Type(() => RateLimitInput)
  rateLimit?: RateLimitInput | null;

  /**
   * For how many days, since it was made, a held delivery waits for it before it expires. Null, the default: the
   * operator's, 30.
   */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @OrNull("for the operator's default")
  @IsInt()
  @Min(1)
  @Max(365)
  heldDays?: number | null;

  /** How many deliveries are held for it; the oldest of more expire. Null, the default: the operator's, 1,000,000. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @OrNull("for the operator's default")
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  heldMax?: number | null;

  /**
   * Whether requests carry `traceparent`, and `tracestate` where there is one: those of the publish request, or
   * Posthorn's own span in the same trace where it is traced. Default false.
   */
  @OptionalNotNull()
  @IsBoolean()
  passTraceparent?: boolean;

  /** Whose webhooks its requests look and behave like; it never changes. Default: the space's profile. */
  @OptionalNotNull()
  @IsIn(knownProfiles())
  profile?: ProfileName;

  /** What the body of a request is made of. Null: the default. Of the native profile only, like the next two. */
  @OrNull('for the default')
  @IsObject()
  @ValidateNested()
  @Type(() => BodyInput)
  body?: BodyInput | null;

  /** `json` (default), or `form`: the body as `application/x-www-form-urlencoded`, like `lead[email]=a&tags[0]=b`. */
  @OptionalNotNull()
  @IsIn(CONTENT_TYPES)
  contentType?: ContentType;

  /** Default: `POST`. */
  @OptionalNotNull()
  @IsIn(METHODS)
  method?: Method;

  /** `paused`: it holds what matches until it is resumed. Default: `active`. */
  @OptionalNotNull()
  @IsIn(SUBSCRIPTION_STATUSES)
  status?: SubscriptionStatus;

  /**
   * The version in which it gets an event type, by name, for types that have versions. Newer events are converted down;
   * older ones come as they are. Types that are not named come in the version that they are published in. Null: none is
   * named. Of the native profile only.
   * @example {"lead.create": 1}
   */
  @Schema(PINS)
  @OrNull('for none')
  @IsObject()
  eventTypeVersions?: Record<string, number> | null;

  /** What only subscriptions of this profile have. docs/profiles.md lists them. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @OptionalNotNull()
  @IsObject()
  profileOptions?: Record<string, unknown>;
}

/**
 * What to change. Fields that are left out stay as they are; the secret changes by rotation only, the status by
 * `pause` and `resume`, and the profile never.
 */
@SchemaRule(FORM_RULE)
export class SubscriptionChanges extends PartialType(
  OmitType(NewSubscription, ['secret', 'profile', 'status']),
  {
    skipNullProperties: false,
  },
) {}
