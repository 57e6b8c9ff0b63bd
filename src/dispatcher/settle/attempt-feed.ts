import { Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import type { AttemptTrigger, DeliveryStatus, Trigger } from '../../core/domain-types.js';

/** One finished attempt, for listeners in this process: the overview's counts, the console of `npm run dev`. */
export interface AttemptNotice {
  spaceId: string;
  deliveryId: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  url: string;
  n: number;
  statusCode: number | null;
  errorCode: string | null;
  totalMs: number | null;
  /** The delivery's state after the attempt. */
  status: DeliveryStatus;
  nextAttemptAt: Date | null;
  trigger: Trigger;
  /** What this attempt was made for. */
  attemptTrigger: AttemptTrigger;
  /** When its publisher wanted it delivered, where that is later than at once. */
  deliverAt: Date | null;
  /** How long it waited while its subscription was paused. */
  pausedMs: number;
  /** Until when the endpoint's TLS certificate is valid, epoch milliseconds; null: it was not seen. */
  certificateUntil: number | null;
  /** Milliseconds. */
  endedAt: number;
}

/** Announces settled attempts to listeners in this process. Without a listener it costs nothing. */
@Injectable()
export class AttemptFeed {
  private readonly emitter = new EventEmitter();

  onAttempt(listener: (notice: AttemptNotice) => void): void {
    this.emitter.on('attempt', listener);
  }

  get watched(): boolean {
    return this.emitter.listenerCount('attempt') > 0;
  }

  announce(notice: AttemptNotice): void {
    this.emitter.emit('attempt', notice);
  }
}
