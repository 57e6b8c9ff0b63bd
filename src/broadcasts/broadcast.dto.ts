import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject } from 'class-validator';
import { NewEventInput } from '../events/event.dto.js';
import { KeptAsText } from '../http/sent-data.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsSpaceTag } from '../spaces/space-tag.js';
import type { BroadcastStatus } from './broadcast.js';

/** One event for many spaces. */
export class BroadcastInput {
  /**
   * The event, as for publishing it in one space. Its `id` is the same in every space, and names the broadcast, too:
   * the same request again answers with the first broadcast.
   */
  @KeptAsText()
  @IsObject()
  event: NewEventInput;

  /** Only for spaces with this tag. Left out: for all. */
  @OptionalNotNull()
  @IsSpaceTag()
  tag?: string;

  /** Only count: answers 200 with the number of spaces. */
  @ApiPropertyOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

/** How many spaces a broadcast would be for. */
export class BroadcastCount {
  spaces: number;
}

/** A space that did not take the event. */
export class BroadcastProblemView {
  /** `spc_…` */
  space: string;
  /** As publishing in that space would answer. */
  code: string;
  message: string;
}

/** An event for many spaces, which the workers publish by and by. */
export class BroadcastView {
  /** `brd_…` */
  id: string;
  /** `pending`: no worker has begun. `failed`: it met the same error ten times. */
  status: BroadcastStatus;
  /** The event's type. */
  type: string;
  /** Your id of the event. */
  uid: string | null;
  /** Null: for all spaces. */
  tag: string | null;
  /** How many it is for: those that there were when it was made. */
  spaces: number;
  /** Spaces that have the event now. */
  published: number;
  /** Spaces whose catalogue has no such event, and those that had one with this `id` and body. */
  skipped: number;
  /** Spaces that refused it. */
  failed: number;
  /** Deliveries that it made. */
  deliveries: number;
  /** The first twenty that refused it, and why. */
  problems: BroadcastProblemView[];
  createdAt: string;
  /** Null while it is pending or running. */
  finishedAt: string | null;
}

export class BroadcastList {
  data: BroadcastView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
