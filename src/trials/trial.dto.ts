import { IsObject, IsString, MaxLength } from 'class-validator';
import { SchemaRule } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { KeptAsText } from '../http/sent-data.js';
import { IsRef } from '../http/ref.js';
import { METHODS, type Method } from '../core/request-format.js';
import { ApiProperty } from '@nestjs/swagger';

/** An event to try a subscription with: one that was published, or the example of a type. */
@SchemaRule({
  if: { required: ['event'] },
  then: { not: { anyOf: [{ required: ['type'] }, { required: ['data'] }] } },
})
export class TrialInput {
  /** An event that was published, by id or the publisher's own id. */
  @OptionalNotNull()
  @IsRef('evt')
  @IsString()
  @MaxLength(256)
  event?: string;

  /** Without `event`: the type whose example is taken; by default the first that the subscription wants. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** Data to take instead of the example. */
  @KeptAsText()
  @OptionalNotNull()
  @IsObject()
  data?: object;
}

/** One thing that a subscription asks of an event. */
export class TrialCheck {
  check: 'event_type' | 'scope' | 'filter';
  /** Of a filter: the path of its condition, or `$or`. */
  path: string | null;
  holds: boolean;
}

/** A request as it would be sent. */
export class TrialRequest {
  /** The event type, in the words of the subscription's profile. */
  type: string;
  @ApiProperty({ enum: METHODS })
  method: Method;
  url: string;
  /** `[name, value]` pairs; values of the subscription's own headers and tokens are masked. The signature is real. */
  headers: string[][];
  /** Null: it could not be made; `problem` says why. */
  body: string | null;
  problem: string | null;
}

/** What a subscription would get of an event. Nothing was sent. */
export class TrialView {
  /** `evt_…`; null for an example. */
  eventId: string | null;
  /** The event's type as it was, or would be, published. */
  type: string;
  /** Whether it would get a delivery. */
  wanted: boolean;
  /** Why not, as in an event's `routing`; null where it would. */
  reason: string | null;
  /** What it asks for, one by one, so that all of it that does not hold is seen at once. */
  checks: TrialCheck[];
  /** Whether the delivery would wait, because the subscription is paused. */
  held: boolean;
  /** One for each type; where it is not wanted, as it would be otherwise. */
  requests: TrialRequest[];
}
