import { BucketView, LatencyView } from './overview.dto.js';
import { CountView } from './instance-overview.dto.js';

/** How often attempts came to the same. */
export class AttemptCodeView {
  /** A status code, or an error code where there was no answer. */
  code: string;
  count: number;
}

/** How the attempts at one endpoint went: those of its last 1,000 deliveries, up to 2,000. */
export class EndpointAttemptsView {
  /** Oldest first, without gaps. */
  buckets: BucketView[];
  /** How long answers took, milliseconds; null where there was none. */
  latency: LatencyView | null;
  /** The most frequent first, at most 20. */
  codes: AttemptCodeView[];
  attempts: CountView;
  /** Of these attempts; null where none succeeded. */
  lastSuccessAt: string | null;
  /** Of these attempts; null where none failed. */
  lastFailureAt: string | null;
}
