import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';

/** How a receiver shall answer from now on. What is left out stays. */
export class ReceiverChanges {
  /** The status of its answers. */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @IsInt()
  @Min(200)
  @Max(599)
  status?: number;

  /** How long it waits before it answers, milliseconds. */
  @ApiPropertyOptional({ type: 'integer' })
  @OptionalNotNull()
  @IsInt()
  @Min(0)
  @Max(30_000)
  delayMs?: number;

  /** The `Retry-After` of its answers; null: none. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  @OrNull('for none')
  @IsInt()
  @Min(0)
  @Max(86_400)
  retryAfterSeconds?: number | null;
}

/** A receiver inside the engine, to test with. */
export class ReceiverView {
  /** `rcv_…` */
  id: string;
  /** Use it as a subscription's URL. */
  url: string;
  status: number;
  delayMs: number;
  retryAfterSeconds: number | null;
}

/** Which requests to read. */
export class RequestQuery {
  /** Only what came after this request, by its `req_` id. */
  @OptionalNotNull()
  @IsString()
  @Matches(/^req_[0-9a-f]{32}$/, { message: 'after must be the id of a request, such as req_…' })
  after?: string;
}

/** One request as it came. */
export class ReceivedView {
  /** `req_…` */
  id: string;
  at: string;
  method: string;
  path: string;
  /** `[name, value]` pairs in the order they came. */
  headers: string[][];
  /** The first 64 KiB. */
  body: string;
  /** Whether there was more than is shown. */
  bodyTruncated: boolean;
}

/** The last requests, up to 200, oldest first. */
export class ReceivedList {
  data: ReceivedView[];
}
