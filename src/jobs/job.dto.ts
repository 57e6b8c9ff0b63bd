import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { DeliveryQuery } from '../deliveries/delivery.dto.js';
import { SchemaRule } from '../http/input-schemas.js';
import { IsRef } from '../http/ref.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsTime } from '../http/time-range.dto.js';
import { REPLAY_STATUSES, type JobStatus, type ReplayStatus } from './job.js';

/** As fast as jobs go. */
const MAX_PER_SECOND = 1_000;

/** What a bulk retry may be told to look for. */
const CONDITIONS = ['subscription', 'event', 'type', 'status', 'since', 'until'];

/** How fast a job goes, and when it begins. */
class JobPace {
  /** Deliveries a second at most. Default: as fast as workers and endpoints allow. `PATCH …/jobs/:job` changes it. */
  @OptionalNotNull()
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(MAX_PER_SECOND)
  perSecond?: number;

  /** Seconds before it begins, in which it can be cancelled as if it had not been asked for. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(0)
  @Max(3_600)
  delaySeconds: number = 0;
}

/** At which pace to send what is held. */
export class DrainInput extends PickType(JobPace, ['perSecond'] as const) {}

/** What to change of a job under way. */
export class JobChanges {
  /** Deliveries a second at most; null: as fast as workers and endpoints allow. */
  @ValidateIf(({ perSecond }: JobChanges) => perSecond !== undefined && perSecond !== null)
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @IsInt()
  @Min(1)
  @Max(MAX_PER_SECOND)
  perSecond?: number | null;

  /** Whether it waits. */
  @OptionalNotNull()
  @IsBoolean()
  paused?: boolean;
}

/** Which past events an endpoint shall get again. */
@SchemaRule({
  if: { required: ['lost'], properties: { lost: { const: true } } },
  then: { not: { anyOf: [{ required: ['since'] }, { required: ['until'] }, { required: ['statuses'] }] } },
  else: { required: ['since'] },
})
export class ReplayInput extends JobPace {
  /** Only events published at or after this time, ISO 8601. Required, but for `lost`. */
  @ApiPropertyOptional()
  @ValidateIf(({ lost, since }: ReplayInput) => !lost || since !== undefined)
  @IsTime()
  since?: string;

  /** Only events published before this time, ISO 8601. Default: now. */
  @OptionalNotNull()
  @IsTime()
  until?: string;

  /**
   * Exactly what the subscription's `lost` tells of, instead of `since`, `until` and `statuses`. The note is gone then.
   */
  @ApiPropertyOptional()
  @IsBoolean()
  lost: boolean = false;

  /**
   * By what became of the event's newest delivery to this subscription; `none`: it has none. Default: `failed`,
   * `cancelled`, `skipped`, `expired` and `none`, which is all that the endpoint missed. What is pending or held is on
   * its way.
   */
  @OptionalNotNull()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(REPLAY_STATUSES, { each: true })
  statuses?: ReplayStatus[];

  /** Only events of these types: names, or patterns such as `lead.*`. */
  @OptionalNotNull()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  eventTypes?: string[];

  /**
   * Another subscription, by id or uid, that gets the events instead, as far as it wants them. `statuses` and `lost`
   * are still about this one.
   */
  @OptionalNotNull()
  @IsRef('sub')
  @IsString()
  @MaxLength(256)
  target?: string;

  /** Only count: the job makes nothing, its `total` is the number. */
  @ApiPropertyOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

/** Which deliveries to retry: the filter of the list. At least one condition must be given. */
@SchemaRule({ anyOf: CONDITIONS.map((name) => ({ required: [name] })) })
export class BulkRetryInput extends IntersectionType(
  JobPace,
  PickType(DeliveryQuery, ['subscription', 'event', 'type', 'status']),
) {
  /** Only those created at or after this time, ISO 8601. */
  @OptionalNotNull()
  @IsTime()
  since?: string;

  /** Only those created before this time, ISO 8601. */
  @OptionalNotNull()
  @IsTime()
  until?: string;

  /** Only count: answers 200 with the number. */
  @ApiPropertyOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

/** How many deliveries a bulk retry would make an attempt for. */
export class RetryCount {
  count: number;
  /** False: counting took too long, and there are more. */
  exact: boolean;
}

/** Work on many deliveries, which the workers do by and by. */
export class JobView {
  /** `job_…` */
  id: string;
  /**
   * `replay`: new deliveries of past events. `retry`: one more attempt for deliveries. `drain`: what was held for a
   * subscription. `erase`: see `/erasures`.
   */
  kind: 'replay' | 'retry' | 'drain' | 'erase';
  /** `pending`: no worker has begun. `failed`: it met the same error ten times. */
  status: JobStatus;
  dryRun: boolean;
  /** How many deliveries it is about, of an erasure how many events; null until they are counted. */
  total: number | null;
  /** How many it has made, retried or erased so far. */
  done: number;
  /** Of a replay: events that it cannot send, because their data was erased or removed by retention. */
  skipped: number;
  /** `sub_…`: the subscription that gets the deliveries; null: several may. */
  subscriptionId: string | null;
  /** Deliveries a second at most; null: as fast as workers and endpoints allow. */
  perSecond: number | null;
  /** Since when it waits because a person has paused it; null: it does not. */
  pausedAt: string | null;
  createdAt: string;
  /** Null while it is pending or running. */
  finishedAt: string | null;
}

export class JobList {
  data: JobView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
