import { CountView } from './instance-overview.dto.js';

/** The TLS certificate of an endpoint, as a worker last saw it. */
export class EndpointCertificateView {
  validTo: string;
  /** When a connection last showed it; at most once a day. */
  seenAt: string;
  /** Whole days until its end; negative: it has ended. */
  daysLeft: number;
  /** From 14 days before its end on, what to do; null before. */
  warning: string | null;
}

/** How workers hold an endpoint back at present, all of them together. */
export class EndpointThrottleView {
  /** Requests that may be under way at once. It halves with a timeout, a 429 or a 503, and grows with each success. */
  concurrency: number;
  inFlight: number;
  /** Deliveries that wait in these workers. */
  waiting: number;
  /** How many workers hold it back. */
  workers: number;
}

/** Its rate limit, as it stands. */
export class EndpointRateView {
  perSecond: number;
  /** When the next request may leave; null: at once. */
  nextAt: string | null;
}

/** A secret that signs requests, without itself. */
export class SigningSecretView {
  /** When it became the current one. */
  since: string;
  /** When it stops to sign; null: it is the current one. */
  expiresAt: string | null;
}

/** How requests prove themselves. */
export class EndpointProofView {
  /** `standard-webhooks`, the style of another system such as `stripe`, or the profile whose webhooks it follows. */
  style: string;
  /** Newest first; those that sign at present. */
  secrets: SigningSecretView[];
}

/** What waits for an endpoint; each number up to 10,000. */
export class EndpointBacklogView {
  /** Held, because it is paused, or was. */
  held: CountView;
  /** Due now or later. */
  pending: CountView;
  /** When the oldest held delivery was made; null: none is held. */
  oldestHeldAt: string | null;
}

/** How an endpoint is called at present, and what is known of it. */
export class EndpointStateView {
  /** Null: it has none, or no connection was opened yet. */
  certificate: EndpointCertificateView | null;
  /** Null: no worker holds it back. A change shows within five seconds. */
  throttle: EndpointThrottleView | null;
  /** Null: it has no rate limit. */
  rate: EndpointRateView | null;
  proof: EndpointProofView;
  backlog: EndpointBacklogView;
}
