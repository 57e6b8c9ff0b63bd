import { IsString, Length, MaxLength } from 'class-validator';
import { MAX_SUBJECT } from '../event-store/subject.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsTime } from '../http/time-range.dto.js';

/** What to keep: the events that fit all conditions; without any, everything in the space, also what is to come. */
export class HoldInput {
  /**
   * Why, for those who are refused. Name the case, and no personal data.
   * @example 'Case 4711, until the court has decided'
   */
  @IsString()
  @Length(1, 500)
  reason: string;

  /** Only this event, by id or the publisher's own id. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(256)
  event?: string;

  /** Only events about this person: their `subjectId`, or the `leadId` of those without one. */
  @OptionalNotNull()
  @IsString()
  @Length(1, MAX_SUBJECT)
  subjectId?: string;

  /** Only events published at or after this time, ISO 8601. */
  @OptionalNotNull()
  @IsTime()
  since?: string;

  /** Only events published before this time, ISO 8601. */
  @OptionalNotNull()
  @IsTime()
  until?: string;
}

/** A legal hold: neither retention nor an erasure removes what it is on. */
export class HoldView {
  /** `lgh_…` */
  id: string;
  reason: string;
  /** `evt_…`; null: any event. */
  event: string | null;
  /** Null: whoever it is about. Once released, `sha256:` and a hash, as in the records of erasures. */
  subjectId: string | null;
  since: string | null;
  until: string | null;
  /** `admin`, or the id of the key. */
  setBy: string;
  createdAt: string;
  /** Null while it is in force. */
  releasedBy: string | null;
  releasedAt: string | null;
}

export class HoldList {
  data: HoldView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
