import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  MaxLength,
} from 'class-validator';
import { MAX_SUBJECT } from '../event-store/subject.js';
import { SchemaRule } from '../http/input-schemas.js';
import { ListQuery } from '../http/list.dto.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsTime } from '../http/time-range.dto.js';
import { ERASURE_MODES, type ErasureMode } from './erasure.js';
import type { JobStatus } from './job.js';

const CONDITIONS = ['events', 'subjectId', 'since', 'until'];
const NARROWED = { anyOf: CONDITIONS.map((name) => ({ required: [name] })) };

/** Which events to erase: those that fit all conditions. At least one must be given, or `all`. */
@SchemaRule({
  if: { required: ['all'], properties: { all: { const: true } } },
  then: { not: NARROWED },
  else: NARROWED,
})
export class ErasureInput {
  /** These events, by id or the publisher's own id. */
  @OptionalNotNull()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  events?: string[];

  /** Events about this person: their `subjectId`, or the `leadId` of those without one. */
  @OptionalNotNull()
  @IsString()
  @Length(1, MAX_SUBJECT)
  subjectId?: string;

  /** Events published at or after this time, ISO 8601. */
  @OptionalNotNull()
  @IsTime()
  since?: string;

  /** Events published before this time, ISO 8601. Default, and latest: a second from now, as clocks differ. */
  @OptionalNotNull()
  @IsTime()
  until?: string;

  /** All events of the space; not together with other conditions. */
  @ApiPropertyOptional()
  @IsBoolean()
  all: boolean = false;

  /**
   * `content`: data, bodies, headers and the keys of people go; ids, times, status codes and timings stay. `rows`: the
   * events, their deliveries and attempts go as a whole.
   */
  @ApiPropertyOptional({ enum: ERASURE_MODES })
  @IsIn(ERASURE_MODES)
  mode: ErasureMode = 'content';

  /** Only count: nothing is erased, and `counts` has what would be. */
  @ApiPropertyOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

/** Which erasures to list. */
export class ErasureQuery extends ListQuery {
  /** Only those of this subject, which is found by its hash. */
  @OptionalNotNull()
  @IsString()
  @Length(1, MAX_SUBJECT)
  subjectId?: string;
}

/** What an erasure was about, without the subject itself. */
export class ErasureCriteriaView {
  /** The whole space. */
  all: boolean;
  /** `evt_` ids. */
  events: string[] | null;
  /** SHA-256 of the space's id (`spc_…`), a colon and the `subjectId`, in hexadecimal digits. */
  subjectSha256: string | null;
  since: string | null;
  until: string;
}

/** How many rows were erased, or would be. */
export class ErasureCountsView {
  events: number;
  deliveries: number;
  /** Deliveries that were pending or held. They are `cancelled`. */
  cancelled: number;
  attempts: number;
  /** Ids that publishers gave their events. They stay reserved, as hashes. */
  eventKeys: number;
  /** Requests that the space's test receivers kept: all of them. */
  testRequests: number;
}

/** What still has contents. */
export class ErasureRemainingView {
  events: number;
  deliveries: number;
  attempts: number;
  testRequests: number;
}

/** A second look at everything after it was erased. */
export class ErasureVerificationView {
  at: string;
  /** Events that were looked at. */
  checked: number;
  /** What was found that still has contents. All zero: nothing is left. */
  remaining: ErasureRemainingView;
  /** Whether nothing is left. */
  complete: boolean;
}

/** An erasure and the record of it. It holds nothing of what was erased, and is kept after the job is gone. */
export class ErasureView {
  /** `job_…`, the same as its job's. */
  id: string;
  /** `cancelled` also when a legal hold was set meanwhile: see `stopped`. */
  status: JobStatus;
  mode: ErasureMode;
  dryRun: boolean;
  /** `admin`, or the id of the key. */
  requestedBy: string;
  criteria: ErasureCriteriaView;
  /** So far; with `dryRun`, what would be erased. */
  counts: ErasureCountsView;
  /** Null until the erasure has looked at everything again, and with `dryRun`. */
  verification: ErasureVerificationView | null;
  /** Why it ended before it was done. */
  stopped: string | null;
  createdAt: string;
  /** Null while it is pending or running. */
  finishedAt: string | null;
}

export class ErasureList {
  data: ErasureView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
