import { Injectable, Logger } from '@nestjs/common';
import { uuidTime } from '../core/ids.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { LocalDispatch } from '../deliveries/local-dispatch.js';
import type { LocallyLeased } from '../deliveries/locally-leased.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { TraceSpan } from '../telemetry/trace-span.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import type { Stored } from './store.js';
import type { SlicedOutcome } from './store-slices.js';

/** Ids that are announced in one turn of the event loop. */
const ANNOUNCED_AT_ONCE = 1_000;

/** So far ahead, milliseconds, deliveries get jobs that wait for their time. */
const JOBS_AHEAD_MS = 600_000;

/**
 * Informs workers after a commit. In: stored events and deliveries. Out: local leases and ids for the worker in this
 * process (`LocalDispatch`), and all other ids for the `DeliveryQueue`. A wide request's ids are announced a part at a
 * time.
 */
@Injectable()
export class Announcer {
  private readonly logger = new Logger('events');

  constructor(
    private readonly queue: DeliveryQueue,
    readonly localDispatch: LocalDispatch,
    private readonly metrics: ProcessMetrics,
  ) {}

  /** `span`: of the storing, which the queue's is linked to. */
  announce({ outcomes, check }: Stored, span: TraceSpan | null = null): void {
    const due: NewDelivery[] = [];
    const later: NewDelivery[] = [];
    const leased: LocallyLeased[] = [];
    let events = 0;
    let refused = 0;
    let expired = 0;
    for (const outcome of outcomes) {
      if ('error' in outcome) {
        refused += 1;
        continue;
      }
      events += outcome.events.length;
      const fresh = new Map(outcome.fresh.map((event) => [event.id, event]));
      for (const delivery of outcome.due) {
        const event = fresh.get(delivery.eventId);
        if (delivery.lease && event) leased.push({ delivery, event, lease: delivery.lease.id });
        else if (delivery.status === 'pending') (delivery.deliverAt ? later : due).push(delivery);
        else if (delivery.status === 'expired') expired += 1;
      }
    }
    this.announceLater(later, span);
    this.queue.enqueue(this.localDispatch.dispatch(leased, check, due), 0, span);
    if (!this.localDispatch.hasWorker) this.metrics.counters.handedOver.inc(leased.length);
    if (expired > 0) this.countExpired(expired);
    this.report({
      requests: outcomes.length,
      refused,
      events,
      deliveries: due.length + later.length + leased.length,
    });
  }

  /** Those of the next minutes get a job for their moment; the sweeper finds the others when they are due. */
  private announceLater(later: NewDelivery[], span: TraceSpan | null): void {
    for (const delivery of later) {
      const at = delivery.dueAt.getTime();
      if (at <= uuidTime(delivery.id) + JOBS_AHEAD_MS) this.queue.enqueue([delivery], at, span);
    }
  }

  /** The same for very many deliveries, a part at a time. */
  async announceMany(
    { events, due, expired }: SlicedOutcome,
    pause: () => Promise<void>,
    span: TraceSpan | null = null,
  ): Promise<void> {
    if (expired > 0) this.countExpired(expired);
    for (let at = 0; at < due.length; at += ANNOUNCED_AT_ONCE) {
      const part = due.slice(at, at + ANNOUNCED_AT_ONCE);
      this.queue.enqueue(
        this.localDispatch.dispatch([], { sendable: [], checkedAt: performance.now() }, part),
        0,
        span,
      );
      await pause();
    }
    this.report({ requests: 1, refused: 0, events: events.length, deliveries: due.length });
  }

  /** Deliveries of events that had ended before they were published. */
  private countExpired(deliveries: number): void {
    this.metrics.counters.deliveriesFinished.inc({ outcome: 'expired' }, deliveries);
  }

  /** Counts and logs what was accepted. */
  private report(counts: Record<'requests' | 'refused' | 'events' | 'deliveries', number>): void {
    this.metrics.counters.eventsAccepted.inc(counts.events);
    this.logger.debug({ msg: 'events.published', ...counts });
  }
}
