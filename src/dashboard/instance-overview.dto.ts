import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OverviewQuery, FailingEndpointView } from './overview.dto.js';

const SORTS = ['worst', 'attempts', 'name'] as const;

/** Which spaces to show, and of which stretch of time. */
export class InstanceOverviewQuery extends OverviewQuery {
  /** `worst`: by failing and paused endpoints, then by the share of failures. `attempts`: the most first. */
  @IsIn(SORTS)
  sort: (typeof SORTS)[number] = 'worst';

  /** How many spaces to show. */
  @ApiPropertyOptional({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 25;

  /** How many spaces to pass over. */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  after?: number;
}

/** How many there are at least, and whether counting ended before the end. */
export class CountView {
  count: number;
  capped: boolean;
}

/** How a space is doing, in a line. */
export class SpaceHealthView {
  /** `spc_…` */
  space: string;
  uid: string | null;
  name: string;
  /** In the window. */
  attempts: number;
  /** Of these, those that failed. */
  failedAttempts: number;
  endpoints: number;
  /** Active, and the last attempt failed. */
  failing: number;
  paused: number;
  /** Held deliveries; counting ends at 2,000. */
  held: CountView;
  /** Since when a delivery has been due; null when none is. Among the 5,000 oldest of all spaces. */
  oldestDueAt: string | null;
}

/** A subscription with problems, and its space. */
export class InstanceFailingEndpoint extends FailingEndpointView {
  /** `spc_…` */
  space: string;
  spaceName: string;
}

/** How all spaces are doing. */
export class InstanceOverviewView {
  data: SpaceHealthView[];
  /** How many spaces there are. */
  spaces: number;
  attempts: number;
  failedAttempts: number;
  failing: number;
  paused: number;
  /** Up to 20, the worst first. */
  worst: InstanceFailingEndpoint[];
}
