import { ApiProperty } from '@nestjs/swagger';

const STATES = ['waiting', 'running', 'failed', 'archived'] as const;
type ArchiveDayState = (typeof STATES)[number];

/** A finished day in the database. */
export class ArchiveDayView {
  /**
   * UTC.
   * @example '2031-05-10'
   */
  day: string;
  /** `failed`: the last try failed, and is repeated at `nextTryAt`. `running`: a pass has begun. */
  @ApiProperty({ enum: STATES })
  state: ArchiveDayState;
  /** Complete passes: later ones hold what changed since. */
  @ApiProperty({ type: 'integer' })
  passes: number;
  /** What changed from then on is not in the archive yet. */
  archivedUntil: string | null;
  /** Failed tries in a row. */
  @ApiProperty({ type: 'integer' })
  failures: number;
  nextTryAt: string | null;
}

/** The archive of finished days. */
export class ArchiveView {
  /** `s3://bucket/prefix`; null: there is no archive (`POSTHORN_ARCHIVE_URL`). */
  url: string | null;
  /** Days after its end when a day is archived. */
  @ApiProperty({ type: 'integer' })
  afterDays: number;
  /** Whether retention keeps a day until it is archived. */
  required: boolean;
  /** Days that are due and not in the archive. */
  @ApiProperty({ type: 'integer' })
  waiting: number;
  /** The days that are in the database and due, oldest first. */
  days: ArchiveDayView[];
}
