import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import type { DeliveryStatus } from '../core/domain-types.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { EVENT_DATA, PRINTABLE, Schema, SchemaRule } from '../http/input-schemas.js';
import { NOT_AN_ID } from '../core/ids.js';
import { MAX_TAG_VALUE, MAX_TAGS, TAG_NAME_FORM } from '../core/tags.js';
import { MAX_VERSION } from '../core/type-versions.js';
import { PAYLOAD_FORM } from '../event-store/payload-filter.js';
import { MAX_SUBJECT } from '../event-store/subject.js';
import { RemovedView } from '../event-store/removed.dto.js';
import { KeptAsText } from '../http/sent-data.js';
import { TimeRangeQuery } from '../http/time-range.dto.js';
import { ZONED_TIME_FORM } from '../lib/iso-time.js';
import { MAX_TTL_SECONDS } from './event-limits.js';

/** Where an event happened, for subscriptions that listen to one client or campaign only. */
export class EventScopeView {
  clientId?: string;
  campaignId?: string;
  leadId?: string;
}

const TAGS = {
  type: 'object',
  maxProperties: MAX_TAGS,
  propertyNames: { pattern: TAG_NAME_FORM },
  additionalProperties: { type: 'string', minLength: 1, maxLength: MAX_TAG_VALUE, pattern: PRINTABLE },
};

const NAME = { minLength: 1, maxLength: 256, pattern: PRINTABLE };

/** Where an event happened. */
export class EventScopeInput {
  @Schema(NAME)
  clientId?: string;
  @Schema(NAME)
  campaignId?: string;
  @Schema(NAME)
  leadId?: string;
}

/** One event to publish. */
@SchemaRule({ not: { required: ['expiresAt', 'ttlSeconds'] } })
export class NewEventInput {
  /** A name of the space's catalogue. */
  @Schema({ minLength: 1, maxLength: 128, pattern: PRINTABLE })
  type: string;

  /** What happened. Delivered byte for byte as it is written here; at most 256 KiB. */
  @Schema(EVENT_DATA)
  data: Record<string, unknown>;

  /**
   * Your own id of the event, up to 256 characters, and not of the form of ours (`evt_` and 32 digits). Publishing it
   * again answers with the first event.
   */
  @Schema({ ...NAME, pattern: `^(?!\\.{1,2}$)${NOT_AN_ID}${PRINTABLE.slice(1)}` })
  id?: string;

  /** When it happened, RFC 3339: ISO 8601 with a zone; the time of publishing if left out. */
  @Schema({ pattern: ZONED_TIME_FORM })
  occurredAt?: string;

  /**
   * When the event is worth nothing any more, ISO 8601 with a zone: deliveries that are pending or held then become
   * `expired`. In the past: they are `expired` from the beginning.
   */
  @Schema({ pattern: ZONED_TIME_FORM })
  expiresAt?: string;

  /** The same in seconds from now, 1 to 31,536,000; not together with `expiresAt`. */
  @Schema({ type: 'integer', minimum: 1, maximum: MAX_TTL_SECONDS })
  ttlSeconds?: number;

  /**
   * When it is to be delivered, ISO 8601 with a zone, at most a year ahead. Its deliveries wait until then, and can be
   * cancelled. In the past: at once.
   */
  @Schema({ pattern: ZONED_TIME_FORM })
  deliverAt?: string;

  /**
   * Your key of the person the event is about, 1 to 255 characters: what an erasure finds it by. The `leadId` of the
   * scope if left out. Use a key that is no personal data itself, such as the id in your database.
   * @example 'lead_8f14e45f'
   */
  @Schema({ minLength: 1, maxLength: MAX_SUBJECT, pattern: PRINTABLE })
  subjectId?: string;

  /** `clientId`, `campaignId` and `leadId` are the tags `client`, `campaign` and `lead` under their older names. */
  scope?: EventScopeInput;

  /**
   * Where it happened, for subscriptions that listen to a part only: up to 20 values of 1 to 256 characters by name.
   * Names begin with a letter and have up to 64 letters, digits, `_`, `.` and `-`.
   * @example {"client": "acme", "campaign": "spring", "region": "eu"}
   */
  @Schema(TAGS)
  tags?: Record<string, string>;

  /** The version of its type; the newest that is no draft if left out. */
  @Schema({ type: 'integer', minimum: 1, maximum: MAX_VERSION })
  version?: number;
}

/** One thing that a publisher should know. */
export class WarningView {
  /** What it is about: `data.lead.email`, or `[2].data.lead.email` in an array. */
  path: string;
  code: string;
  message: string;
}

/** What became of a published event. */
export class PublishedView {
  id: string;
  type: string;
  /** Whether an event with this `id` and body was stored before; then it is that one. */
  duplicate: boolean;
  /** How many deliveries the event has. */
  deliveries: number;
  /**
   * What you should know about the event, which was stored all the same: its data differs from the schema of its type
   * (`schema_mismatch`, `schema_unusable`), or the type is deprecated (`deprecated_event_type`). Absent: nothing.
   */
  warnings?: WarningView[];
}

/** What became of an array of events, in their order. */
export class PublishedList {
  data: PublishedView[];
}

/** Which events to list. */
export class EventQuery extends TimeRangeQuery {
  /** Only events of this type. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** Only events about this person: their `subjectId`, or the `leadId` of those without one. */
  @OptionalNotNull()
  @IsString()
  @Length(1, MAX_SUBJECT)
  subjectId?: string;
}

/** Which events to look for. */
export class EventSearch extends EventQuery {
  /**
   * Only events whose data has this value at this path, such as `customer.id=42`. It has no index and looks at 2,000
   * events for a page.
   */
  @Schema({ pattern: PAYLOAD_FORM })
  @OptionalNotNull()
  @IsString()
  @Length(3, 400)
  @Matches(new RegExp(PAYLOAD_FORM))
  payload?: string;
}

/** One event, without its data. */
export class EventSummary {
  id: string;
  /** The publisher's own id. */
  uid: string | null;
  type: string;
  occurredAt: string;
  createdAt: string;
  /** When deliveries of it that are still open end. Absent where they never do. */
  expiresAt?: string;
  /** When it is delivered, where its publisher wanted that later. */
  deliverAt?: string;
  /** The W3C trace that it was published in, 32 hex digits. Absent where there was none. */
  traceId?: string;
  /** Whom it is about: the `subjectId` it was published with, or the `leadId` of its scope. */
  subjectId: string | null;
  scope: EventScopeView;
  /** Where it happened, by name; `client`, `campaign` and `lead` are in `scope`, too. */
  @Schema({ type: 'object', additionalProperties: { type: 'string' } })
  tags: Record<string, string>;
  /** The version of its type. */
  @Schema({ type: 'integer' })
  version: number;
  /** Absent while its data is there. */
  removed?: RemovedView;
}

/** One event. */
export class EventView extends EventSummary {
  /** Just as it was published. Null when it was removed: `removed` says why. */
  data: Record<string, unknown> | null;
}

/** One page of events. */
export class EventPage {
  data: EventSummary[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
  /** Present with `payload`: the time of the last event looked at. Null: there are no more. */
  searchedTo?: string | null;
}

/** What to make up. */
export class Simulation {
  /** One type of the space's catalogue; by default one after the other. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** How many events. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  count: number = 1;
}

/** What to send as a test. */
export class TestSend {
  /** The event type whose example is sent; by default the first one the subscription wants. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** Sent instead of the example; at most 256 KiB. */
  @KeptAsText()
  @OptionalNotNull()
  @IsObject()
  data?: object;
}

/** What an event was to one subscription. */
export class RoutedView {
  /** `sub_…` */
  subscriptionId: string;
  url: string;
  /** Your own id of the subscription. */
  uid: string | null;
  /** Whether it has a delivery of the event. */
  matched: boolean;
  /**
   * Without a delivery: `event_type`, `scope` and `filter:<path>` (it does not ask for such events; the first condition
   * that fails; `filter:$or` where no alternative holds), `no_equivalent` (its profile has no equivalent), `priority`
   * (others of its profile come first), `profile:<word>` (a filter of its profile), `not_first` (it gets the first such
   * event only),
   * `created_later` (it did not exist yet), `changed_later` (it would match now), `test` (a test send to another one).
   * With one: `paused` (it is held), `skipped` (it was paused, and its profile lets nothing wait),
   * `expired` (the event ended before, or it was held for too long), or null.
   */
  reason: string | null;
  /** Its newest delivery of the event. */
  deliveryId: string | null;
  /** How that one stands; null without one, as what follows. */
  deliveryStatus: DeliveryStatus | null;
  attemptCount: number | null;
  /** Of the last attempt. */
  lastStatusCode: number | null;
  lastError: string | null;
}

/** One page of subscriptions, with what the event was to each. */
export class RoutingPage {
  data: RoutedView[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}
