import { memoryStore, type DedupeStore } from './dedupe.js';
import { RejectedWebhook } from './errors.js';
import type { HeadersLike } from './proof.js';
import { PROOFS, type ProfileName } from './proofs.js';
import { Verifier, type WebhookEvent } from './verify.js';

/** Processes an event. The sender is answered 2xx when it resolves; when it throws, the event comes again. */
export type EventHandler<Data = unknown> = (event: WebhookEvent<Data>) => unknown;

export interface ReceiverOptions {
  /** The subscription's secret. Several while it is exchanged: the new one and the old one. */
  secrets: string | readonly string[];
  /** The subscription's profile; `native` (Standard Webhooks) unless given. */
  profile?: ProfileName;
  /** How far the request's time may be from this computer's, seconds; 300 unless given. */
  toleranceSeconds?: number;
  /** Where processed events are remembered; in memory unless given. False: every repetition is processed. */
  dedupe?: DedupeStore | false;
  /** How long processed events are remembered, seconds; 3 days unless given. */
  keepSeconds?: number;
  /** How long an event stays reserved before another request may try it, seconds; 120 unless given. */
  leaseSeconds?: number;
  /** Bodies over this many bytes are refused; 1 MiB unless given. */
  maxBytes?: number;
  /** Told of each request that is refused, for your log. */
  onRejected?: (error: RejectedWebhook) => void;
  /** The time in milliseconds, for tests. */
  now?: () => number;
}

/** How a request is answered. */
export interface Answer {
  status: number;
  /** One sentence; empty with 204. */
  text: string;
}

/** What a request is taken from: the body as bytes, or what reads it. */
export interface RequestParts {
  headers: HeadersLike;
  body: () => Promise<string | ArrayBuffer | ArrayBufferView>;
}

/** Receives the webhooks of one endpoint. The adapters for frameworks are made of it. */
export class Receiver {
  readonly maxBytes: number;
  private readonly verifier: Verifier;
  private readonly store: DedupeStore | null;
  private readonly keepMs: number;
  private readonly leaseMs: number;
  private readonly onRejected: (error: RejectedWebhook) => void;
  private readonly now: () => number;

  constructor(options: ReceiverOptions) {
    const { secrets, profile = 'native', toleranceSeconds = 300, now = Date.now, dedupe } = options;
    const texts = typeof secrets === 'string' ? [secrets] : secrets;
    this.verifier = new Verifier(PROOFS[profile], texts, toleranceSeconds * 1000, now);
    this.store = dedupe === false ? null : (dedupe ?? memoryStore());
    this.keepMs = (options.keepSeconds ?? 3 * 24 * 3600) * 1000;
    this.leaseMs = (options.leaseSeconds ?? 120) * 1000;
    this.maxBytes = options.maxBytes ?? 1024 * 1024;
    this.onRejected = options.onRejected ?? (() => undefined);
    this.now = now;
  }

  /**
   * The event of a request, once it is proven to be genuine and fresh.
   * @param body the bytes as they came, before any parsing
   * @throws {RejectedWebhook}
   */
  verify(body: string | ArrayBuffer | ArrayBufferView, headers: HeadersLike): Promise<WebhookEvent> {
    return this.verifier.verify(body, headers);
  }

  /** Verifies a request, and processes its event unless that was done. What `process` throws, this throws. */
  async receive({ headers, body }: RequestParts, process: EventHandler): Promise<Answer> {
    let event: WebhookEvent;
    try {
      event = await this.verify(await body(), headers);
    } catch (error) {
      if (!(error instanceof RejectedWebhook)) throw error;
      this.onRejected(error);
      return { status: error.status, text: error.message };
    }
    return this.once(event, process);
  }

  private async once(event: WebhookEvent, process: EventHandler): Promise<Answer> {
    const { store } = this;
    const { id } = event;
    if (!store || id === null) {
      await process(event);
      return { status: 204, text: '' };
    }
    const leaseEndsAt = this.now() + this.leaseMs;
    const state = await store.reserve(id, this.leaseMs);
    if (state === 'done') return { status: 200, text: 'This event was processed before.' };
    // The sender tries again; by then it is known how this ends.
    if (state === 'busy') return { status: 409, text: 'This event is being processed.' };
    try {
      await process(event);
    } catch (error) {
      // After that the id is another request's, which may have processed the event.
      if (this.now() < leaseEndsAt) await store.release(id);
      throw error;
    }
    await store.done(id, this.keepMs);
    return { status: 204, text: '' };
  }
}

/** @throws {TypeError} for a secret that is not of the profile's form */
export function createReceiver(options: ReceiverOptions): Receiver {
  return new Receiver(options);
}
