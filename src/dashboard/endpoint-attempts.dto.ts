import { BucketView, LatencyView } from './overview.dto.js';
import { CountView } from './instance-overview.dto.js';

/** How often attempts came to the same. */
export class AttemptCodeView {
  /** A status code, or an error code where there was no answer. */
  code: string;
  count: number;
}

/** One of the last attempts. */
export class RecentAttemptView {
  /** `dlv_…` */
  deliveryId: string;
  n: number;
  startedAt: string;
  /** `retried`: it failed, and its delivery is tried again, or waits. */
  outcome: 'succeeded' | 'failed' | 'retried';
  statusCode: number | null;
  errorCode: string | null;
  /** Milliseconds; null: it is not known. */
  totalMs: number | null;
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
  /** The last of them, at most 60, oldest first. */
  recent: RecentAttemptView[];
  /** Of these attempts; null where none succeeded. */
  lastSuccessAt: string | null;
  /** Of these attempts; null where none failed. */
  lastFailureAt: string | null;
}
