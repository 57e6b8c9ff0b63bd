import { IsString, Length, Matches } from 'class-validator';
import { STORABLE, Schema } from '../http/input-schemas.js';

/** What to look for. */
export class SearchQuery {
  /** An id of ours or your own, or part of a name, a uid, a URL or an event type. */
  @Schema({ pattern: STORABLE })
  @IsString()
  @Length(1, 200)
  @Matches(new RegExp(STORABLE))
  q: string;
}

/** Something that was found. */
export class FoundView {
  kind: 'space' | 'subscription' | 'event' | 'delivery' | 'attempt' | 'job' | 'event_type';
  /** `spc_…`, `sub_…`, `evt_…`, `dlv_…`, `job_…`, or the event type's name; of an attempt the `dlv_…` it belongs to. */
  id: string;
  /** `spc_…`: where it is. */
  space: string;
  /** What it is called: a name, a URL or an event type. */
  title: string;
  /** What else tells it apart, such as its own id or its status. */
  detail: string | null;
}

/** What was found, an id that is meant exactly first. At most ten of each kind. */
export class SearchView {
  data: FoundView[];
  /** Whether more would be found with a longer text. */
  capped: boolean;
  /**
   * Of an attempt's id, which no index knows and was not found: the time of the oldest delivery whose attempts were
   * looked at. Null otherwise.
   */
  searchedTo: string | null;
}
