import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { ORIGINS, type Trigger } from '../core/domain-types.js';
import { PAYLOAD_FORM } from '../event-store/payload-filter.js';
import { STORABLE, Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { DeliveryQuery } from './delivery.dto.js';

const TRIGGERS: Trigger[] = [...ORIGINS, 'manual'];
const STATES = ['retrying', 'broken'] as const;

/** Which deliveries to look for; the filters below have no index and look at a bounded number. */
export class DeliverySearch extends DeliveryQuery {
  /** Only those whose last answer had this status code, such as `503`, or one of this class, such as `5xx`. */
  @OptionalNotNull()
  @IsString()
  @Matches(/^[1-5](?:\d\d|xx)$/)
  statusCode?: string;

  /** Only those whose last attempt had this error code, such as `timeout`. */
  @OptionalNotNull()
  @IsString()
  @Matches(/^[a-z0-9_]{1,64}$/)
  error?: string;

  /** Only those that this made. `manual`: those with an attempt that a person asked for. */
  @OptionalNotNull()
  @IsIn(TRIGGERS)
  trigger?: Trigger;

  /**
   * `retrying`: an attempt failed, and another one will follow. `broken`: retrying, failed, expired, or held while the
   * endpoint is paused because of failures.
   */
  @OptionalNotNull()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  /** Only those with an attempt that took at least so many milliseconds. */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(600_000)
  slowerThan?: number;

  /** Only those with an answer whose body contains this text, in the part of it that was kept. */
  @Schema({ pattern: STORABLE })
  @OptionalNotNull()
  @IsString()
  @Length(1, 200)
  @Matches(new RegExp(STORABLE))
  response?: string;

  /** Only those whose event's data has this value at this path, such as `customer.id=42`. */
  @Schema({ pattern: PAYLOAD_FORM })
  @OptionalNotNull()
  @IsString()
  @Length(3, 400)
  @Matches(new RegExp(PAYLOAD_FORM))
  payload?: string;
}

const NARROW = ['statusCode', 'error', 'trigger', 'state', 'slowerThan', 'response', 'payload'] as const;

/** Whether rows have to be looked at one by one. */
export function isNarrow(query: DeliverySearch): boolean {
  return NARROW.some((name) => query[name] !== undefined);
}
