import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, MaxLength } from 'class-validator';
import type { DeliveryStatus } from '../core/domain-types.js';
import { IsRef } from '../http/ref.js';

/** Whose last deliveries to look at. */
export class RecentQuery {
  /** `sub_` ids or uids, each as a parameter of its own. */
  @ApiProperty({ type: [String] })
  @IsRef('sub', { each: true })
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  subscription: string[];
}

/** How one delivery stands. */
export class RecentView {
  status: DeliveryStatus;
  attemptCount: number;
}

/** The last deliveries of one subscription that were attempted. What waits untried is left out. */
export class RecentOfOne {
  /** As it was asked for. */
  subscription: string;
  /** Up to 24, oldest first. */
  deliveries: RecentView[];
}

export class RecentList {
  /** In the order of the question. What the space does not have has no deliveries. */
  data: RecentOfOne[];
}
