import type { Issue } from '../core/errors.js';
import type { ProviderApi } from '../core/provider-api.js';
import type {
  EventScope,
  OnExhausted,
  PauseMode,
  PauseUnit,
  ProfileName,
  Recovery,
  ScopeLevel,
  StoredEvent,
  SubscriptionStatus,
  WhilePaused,
} from '../core/domain-types.js';
import type { Equivalent } from './equivalents.js';

/** One kind of event a profile knows: what it means, what its data looks like, and an example to try it with. */
export interface EventType {
  name: string;
  family: string;
  description: string;
  /** JSON Schema of `data`. Documentation for receivers; publishing does not enforce it. */
  schema: object;
  /** A complete, realistic `data` object. */
  example: object;
}

/** What only this profile's subscriptions have, as their row keeps it: JSON, checked by the profile's `options`. */
export type ProfileOptions = Readonly<Record<string, unknown>>;

/** What a profile may know of a subscription. Nothing of it that shows in a body ever changes. */
export interface Hook {
  /** Dashed UUID. */
  id: string;
  /** The id its provider's own API calls it by; null when that is `id`. */
  providerId: string | null;
  scope: { level: ScopeLevel; clientId: string | null; campaignId: string | null };
  options: ProfileOptions;
}

/** What a body is made of. All of it is stored and immutable, so that every attempt sends the same bytes. */
export interface RenderInput {
  /** As it was published, in the words of its space. */
  event: StoredEvent;
  /** The event's type in this profile's words. */
  type: string;
  /** JSON text of the data in this profile's words. When nothing had to be translated: byte for byte as published. */
  data: string;
  /** Dashed UUID. */
  deliveryId: string;
  hook: Hook;
  /** With `secrets.inBody`: the secret that was current when the delivery was made, or a mask for the log. */
  secret: string | null;
}

/** What a proof may use to sign a request: the live secrets, newest first, as raw key bytes. */
export interface AuthenticationInput {
  eventId: string;
  /** The id that its publisher gave the event; null: none. */
  publisherId: string | null;
  /** The event's type in this profile's words. */
  type: string;
  deliveryId: string;
  /** The version of its type that the body is of; absent: the type has no versions. */
  version?: number;
  /** When this attempt starts, milliseconds. */
  attemptAt: number;
  body: Buffer;
  keys: Buffer[];
  hook: Hook;
}

/** When an endpoint counts as broken, and what happens to its events until it resumes. */
export interface PauseRule {
  /**
   * Failures until the pause; null: never; `operator`: what the operator configured. A subscription may set its own.
   */
  after: number | null | 'operator';
  unit: PauseUnit;
  mode: PauseMode;
  whilePaused: WhilePaused;
  /** What becomes of a delivery whose schedule is used up. Only those that hold what is new may hold it, too. */
  onExhausted: OnExhausted | 'operator';
}

/** What a subscription is made with unless it says otherwise. */
export interface ProfileDefaults {
  /** Seconds between attempts. Empty: one attempt and no retry. `operator`: what the operator configured. */
  retrySchedule: readonly number[] | 'operator';
  pause: PauseRule;
  recovery: Recovery;
  timeoutMs: number;
}

/** How the schedule is kept. */
export interface RetryPolicy {
  /** Whether delays are lengthened a little at random, so that failures of one moment do not come back as one. */
  jitter: boolean;
  /** Whether a 429 or 503 answer's `Retry-After` lengthens a delay and holds up the whole endpoint. */
  respectsRetryAfter: boolean;
}

/**
 * What an answer's status means: taken; failed, so the schedule goes on; final, so no attempt follows; gone, so the
 * subscription is paused as well.
 */
export type ResponseClass = 'delivered' | 'failed' | 'final' | 'gone';

/** What a profile's secrets look like and who may see and choose them. */
export interface SecretRules {
  /** The key of a subscription that was made without a secret; null: it has none. */
  generate: () => Buffer | null;
  /** The key inside a secret's text; null when it is not of that form. */
  parse: (text: string) => Buffer | null;
  format: (key: Buffer) => string;
  /** What `parse` accepts, for messages: "must be …". */
  form: string;
  /** Whether it goes out in the body. Then logs and answers mask it. */
  inBody: boolean;
  /** Who sees it in our own API: every `manage` key at any time, the answer to the creation only, or nobody. */
  shown: 'always' | 'once' | 'never';
  /** Whether it can be exchanged. Otherwise: delete the subscription and make a new one. */
  rotates: boolean;
}

/** What the provider's own API calls a subscription: its UUID, the next free number, or a text of its own making. */
export type IdForm = { kind: 'uuid' } | { kind: 'number' } | { kind: 'text'; make: () => string };

/** What the profile's own options may be. */
export interface OptionRules {
  /** The options of a subscription that is given none. */
  defaults: ProfileOptions;
  /** What is wrong with these. Paths begin with `profileOptions`. */
  check: (options: ProfileOptions) => Issue[];
}

/** An event on its way to one subscription, in the profile's words. */
export interface Candidate {
  type: string;
  data: unknown;
  scope: EventScope;
}

/** What a profile's matching may look at besides the hook's facts. */
export interface HookState extends Hook {
  status: SubscriptionStatus;
  /** Whether the subscription's own filter lets the event through. */
  passesFilter: boolean;
}

/** Who gets an event, beyond its type, its scope and the subscription's own filter, which hold for every profile. */
export interface MatchRules {
  /** Further events that this one is as well (a state it leads to, a first of its kind), each a delivery of its own. */
  derive?: (type: string, data: unknown) => string[];
  /** Where the event happened as its data tells, when the publisher did not say. */
  scopeOf?: (data: unknown) => EventScope;
  /** Why this subscription does not get it, in one word; null when it does. */
  exclusionReason?: (hook: Hook, candidate: Candidate) => string | null;
  /** What this subscription hears of only once, whatever event tells it first; null: of all of them. */
  onceKey?: (hook: Hook, candidate: Candidate) => string | null;
  /** Priority, for each event type: subscriptions of the first levels listed silence those of later ones. */
  tiers?: readonly (readonly ScopeLevel[])[];
  /** Whether a subscription that asks for the type silences later tiers. Default: when it is active. */
  suppresses?: (hook: HookState, candidate: Candidate) => boolean;
}

/** How a provider's webhooks behave. One folder each, same shape; nothing outside asks for a profile by name. */
export interface Profile {
  name: ProfileName;
  catalogue: EventType[];
  /** Whether a space may have event types of its own. They reach the profile's subscriptions as they are. */
  extensible: boolean;
  /** Whether the event types of the whole instance are part of its spaces' catalogues, and may replace its own. */
  takesInstanceTypes?: true;
  /** Whether http is refused even where the operator allows it. It then stands for this machine only. */
  httpsOnly: boolean;
  defaults: ProfileDefaults;
  retryPolicy: RetryPolicy;
  secrets: SecretRules;
  ids: IdForm;
  options: OptionRules;
  matching: MatchRules;
  /** The common core in this profile's words. Empty for native, whose words the others are translated from. */
  equivalents: readonly Equivalent[];
  /**
   * Data of the nth event (from 0) of a type that is made up for trying things out. Default: the example, with ids of
   * its own.
   */
  sample?: (type: string, n: number, now: Date) => object;
  /** The provider's own API, as far as we have it: where it is, and how a client shows its key. */
  providerApi: ProviderApi | null;
  /** The body for an event: the same bytes for every attempt. */
  render: (input: RenderInput) => Buffer;
  /** Headers of this attempt, names in lower case: proofs of origin, and a `user-agent` that replaces ours. */
  authenticationHeaders: (input: AuthenticationInput) => Record<string, string>;
  classifyResponse: (statusCode: number, options: ProfileOptions) => ResponseClass;
}
