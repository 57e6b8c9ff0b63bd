import { IsIn, IsString, Length, MaxLength } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { METHODS, type Method } from '../core/request-format.js';
import {
  ATTEMPT_TRIGGERS,
  DELIVERY_STATUSES,
  type AttemptTrigger,
  type DeliveryStatus,
  type Trigger,
} from '../core/domain-types.js';
import { IsRef } from '../http/ref.js';
import { RemovedView } from '../event-store/removed.dto.js';
import { MAX_SUBJECT } from '../event-store/subject.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { TimeRangeQuery } from '../http/time-range.dto.js';

/** Which deliveries to list. */
export class DeliveryQuery extends TimeRangeQuery {
  /** Only those of this subscription, by id or uid. */
  @OptionalNotNull()
  @IsRef('sub')
  @IsString()
  @MaxLength(256)
  subscription?: string;

  /** Only those of this event, by id or the publisher's own id. */
  @OptionalNotNull()
  @IsRef('evt')
  @IsString()
  @MaxLength(256)
  event?: string;

  /** Only those of this event type. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** Only those in this state. */
  @OptionalNotNull()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  /** Only those of events about this person: their `subjectId`, or the `leadId` of those without one. */
  @OptionalNotNull()
  @IsString()
  @Length(1, MAX_SUBJECT)
  subjectId?: string;
}

/** One event for one subscription. */
export class DeliveryView {
  /** `dlv_…` */
  id: string;
  /** `evt_…` */
  eventId: string;
  eventType: string;
  /** `sub_…` */
  subscriptionId: string;
  /**
   * `pending`: due now or at `nextAttemptAt`. `held`: its subscription is paused. `failed`: the schedule is used up,
   * the endpoint is gone or its address is refused. `skipped`: the profile drops it. `expired`: its event
   * has ended, or it was held for as long as it may be, or too many were.
   */
  status: DeliveryStatus;
  /** Attempts made so far. */
  attemptCount: number;
  /** Attempts the schedule allows; a person may ask for more. */
  maxAttempts: number;
  /** Null when no attempt is planned. */
  nextAttemptAt: string | null;
  /** The last answer's status code; null when there was no answer. */
  lastStatusCode: number | null;
  /** The last attempt's error code. */
  lastError: string | null;
  /**
   * What made it: a published event, a test send or a replay. A retry does not change it; its attempt says that it was
   * `manual`. `manual` here: a person retried it under a release that did not keep what had made it.
   */
  trigger: Trigger;
  createdAt: string;
  /** Null while it is pending or held. */
  finishedAt: string | null;
  /** When its publisher wants it delivered: nothing is sent before. Absent where it does not say. */
  deliverAt?: string;
  /** `deliver_at`: it waits because its publisher wants it delivered at `deliverAt`. Absent otherwise. */
  waitsFor?: 'deliver_at';
  /** `erased`: it was cancelled because its event was erased. Absent otherwise. */
  cancelReason?: 'erased';
  /** When its event, its bodies and headers were erased. Absent where they were not. */
  erasedAt?: string;
}

/** One page of deliveries. */
export class DeliveryPage {
  data: DeliveryView[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
  /**
   * Present where a filter was looked for in a bounded number of deliveries: the time of the last one looked at. Null:
   * there are no more.
   */
  searchedTo?: string | null;
}

/** Milliseconds a part of an attempt took; null when it did not take place, such as a connect on a kept connection. */
export class TimingsView {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  firstByte: number | null;
  total: number | null;
}

/** One HTTP request of a delivery. */
export class AttemptSummary {
  /** `att_…` */
  id: string;
  /** 1 for the delivery's first attempt. */
  n: number;
  startedAt: string;
  /** The answer's status code; null when there was no answer. */
  statusCode: number | null;
  /**
   * Null when the receiver took it, else `http_<status>`, `timeout`, `dns_error`, `connection_refused`,
   * `connection_reset`, `tls_error`, `protocol_error`, `blocked_address`, `mixed_addresses`, `proxy_unreachable`,
   * `proxy_auth_failed`, `proxy_refused`, `proxy_error`, `oauth2_token_failed`, `template_failed`,
   * `conversion_failed`, `interrupted` or `internal`.
   */
  errorCode: string | null;
  /**
   * Why it was made: `schedule`, the first attempt and those that follow it by themselves; `manual`, a person asked for
   * it; `probe`, it tested whether a paused endpoint is back.
   */
  @ApiProperty({ enum: ATTEMPT_TRIGGERS })
  trigger: AttemptTrigger;
  /** In milliseconds; null for what did not take place, such as a connect on a kept connection. */
  timings: TimingsView;
}

/** A delivery with its attempts, oldest first. */
export class DeliveryDetail extends DeliveryView {
  /** Why its last attempt failed and what helps, in a sentence; null where it succeeded, or there is none. */
  explanation: string | null;
  attempts: AttemptSummary[];
}

/** What was sent. */
export class RequestView {
  @ApiProperty({ enum: METHODS })
  method: Method;
  /** As it was called. */
  url: string;
  /** `[name, value]` pairs in the order they were sent; values of the subscription's own headers are masked. */
  headers: string[][];
  /**
   * The body as it was signed and sent; with a template, as it is now. After `template_failed`: the usual body that the
   * template was given; after `conversion_failed`: the body in the version of the event. Null when
   * it was removed: `removed` says why.
   */
  body: string | null;
  /** Absent while body and headers are there. */
  removed?: RemovedView;
}

/** What came back. */
export class ResponseView {
  statusCode: number;
  /** `[name, value]` pairs in the order they came. */
  headers: string[][];
  /**
   * The first 64 KiB, without the compression of `gzip`, `deflate` or `br`. Null when it was removed: `removed` says
   * why.
   */
  body: string | null;
  /** Absent while body and headers are there. */
  removed?: RemovedView;
  /** `base64` when the body is not UTF-8 text. */
  bodyEncoding: 'utf8' | 'base64';
  /** Whether there was more than is shown. */
  bodyTruncated: boolean;
}

/** Everything about one attempt. */
export class AttemptDetail extends AttemptSummary {
  deliveryId: string;
  /**
   * More about the error, about an answer that was not whole, or about a request that was sent again on a new
   * connection.
   */
  errorDetail: string | null;
  /** Why it failed and what helps, in a sentence; null where it succeeded. */
  explanation: string | null;
  /** What kind of address was connected to, such as `public` or `loopback`. */
  addressClass: string | null;
  request: RequestView;
  /** Null when no answer came. */
  response: ResponseView | null;
}
