import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher } from '../../lib/batcher.js';
import { Settings } from '../../config/settings.js';
import { Database, isDataError } from '../../database/database.js';
import { endRestOfWait, type EndedWait } from '../../deliveries/end-wait.js';
import { holdDeliveries, moveInSlices } from '../../deliveries/move-deliveries.js';
import { TraceSpan } from '../../telemetry/trace-span.js';
import { BoundedLog } from '../../telemetry/bounded-log.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import { DeliveryQueue } from '../../queue/delivery-queue.js';
import { OperationalEvents } from '../../operational-events/operational-events.js';
import { AttemptFeed } from './attempt-feed.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import { lossEvents } from '../health/health-events.js';
import { logAnswers, logHealth } from '../health/health-log.js';
import { attemptTriggerOf, type Settled } from './decide-settlement.js';
import { OpenStreaks } from './open-streaks.js';
import { logBatch } from './settled-log.js';
import { countSettled, countTurned } from './settled-metrics.js';
import {
  isFailureBatch,
  settleSuccessBatch,
  settleFailureBatch,
  type SettledBatch,
  type Unheld,
} from './settle.js';

/** Attempts written by one statement; further ones wait for the next (ADR 9). */
const MAX_BATCH = 400;
/** So many bytes of responses weigh as much as one attempt: twelve responses of full length fill a batch. */
const BYTES_PER_ATTEMPT = 2_048;
/**
 * How long a failure waits for others, milliseconds: each batch of failures is a transaction of seven statements (ADR
 * 9).
 */
const GATHER_MS = 25;
/**
 * Successes are written so many milliseconds apart: at 200 a second four share a transaction, and the first after a
 * pause waits for none (ADR 32). What a crash makes unknown is at most as much older (docs/guarantees.md).
 */
const APART_MS = 20;
const MAX_RETRY_DELAY_MS = 2_000;

const STOPPED =
  'This worker stopped while the database was away. Another one, or its next start, recovers the deliveries and ' +
  'sends them again.';
const REFUSED =
  'The database takes none of what the attempt says. It is made again when its lease ends. Please report this.';
/** What becomes of an attempt that is not written: nothing. */
const UNWRITTEN: Settled = { status: 'pending', nextAttemptAt: null, override: null, health: null };

type Settle = (batch: FinishedAttempt[]) => Promise<SettledBatch>;

/** The attempt is not in the log, and its delivery is recovered later: the process ends while the database is away. */
export class NotWritten extends Error {
  override name = 'NotWritten';
}

/**
 * Writes finished attempts in batches (`settle.ts`). In: finished attempts from `AttemptRunner`. Out: their results,
 * once committed; the next attempts, released and woken deliveries go into the queue.
 */
@Injectable()
export class Settler {
  private readonly logger = new Logger('dispatcher');
  private readonly bounded = new BoundedLog(this.logger);
  private readonly successes = new Batcher<FinishedAttempt, Settled>(
    (batch) => this.flush(batch, (all) => this.settleSuccesses(all)),
    // One flush at a time makes larger batches (ADR 9).
    { max: MAX_BATCH, apartMs: APART_MS, weigh },
  );
  private readonly failures = new Batcher<FinishedAttempt, Settled>(
    (batch) => this.flush(batch, (all) => this.settleFailures(all)),
    { max: MAX_BATCH, gatherMs: GATHER_MS, weigh },
  );

  private readonly streaks = new OpenStreaks();
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    private readonly feed: AttemptFeed,
    private readonly metrics: ProcessMetrics,
    private readonly settings: Settings,
    private readonly events: OperationalEvents,
  ) {}

  /** Gives up what cannot be written now. */
  stop(): void {
    this.stopping.abort();
  }

  /** Resolves once the attempt is committed. Throws `NotWritten` after `stop`. */
  settle(attempt: FinishedAttempt): Promise<Settled> {
    return (this.streaks.joins(attempt) ? this.failures : this.successes).add(attempt);
  }

  private async flush(batch: FinishedAttempt[], settle: Settle): Promise<Settled[]> {
    const span = settleSpan(batch);
    const startedAt = performance.now();
    const written = await this.write(batch, settle);
    if (written === null) {
      span?.fail('database_error');
      return this.flushSingly(batch, settle);
    }
    const { settled, released, endedWaits, unheld, ...news } = written;
    span?.end();
    const traced = span ? { trace_id: span.traceId } : {};
    this.queue.enqueue(released);
    for (const ended of endedWaits) this.finishWait(ended);
    if (unheld) this.holdRest(unheld);
    countTurned(this.metrics, news.turned);
    countSettled(this.metrics, batch, settled);
    logHealth(this.bounded, news, batch, traced);
    logAnswers(this.bounded, batch.filter(isFailureBatch), traced);
    for (const [index, { ready }] of batch.entries()) {
      const at = settled[index]?.nextAttemptAt;
      const { id, subscriptionId } = ready.delivery;
      if (at) this.queue.enqueue([{ id, subscriptionId }], at.getTime(), span);
    }
    const tookMs = Math.round(performance.now() - startedAt);
    logBatch(this.logger, batch, settled, { isWide: this.settings.logWide, tookMs, ...traced });
    this.announce(batch, settled);
    return settled;
  }

  /** What the database takes amiss of one attempt holds up no other. */
  private async flushSingly(batch: FinishedAttempt[], settle: Settle): Promise<Settled[]> {
    const settled: Settled[] = [];
    for (const one of batch) settled.push(...(await this.flush([one], settle).catch(() => [UNWRITTEN])));
    return settled;
  }

  private async settleFailures(batch: FinishedAttempt[]): Promise<SettledBatch> {
    const settled = await settleFailureBatch(this.database, this.events, batch);
    this.streaks.recordWritten(batch);
    return settled;
  }

  /** They lock nothing, so what they tell of losses is not in one transaction with them. */
  private async settleSuccesses(batch: FinishedAttempt[]): Promise<SettledBatch> {
    const settled = await settleSuccessBatch(this.database, batch);
    await this.events
      .publish(this.database.sql, lossEvents(settled.recovered))
      .catch((error: unknown) =>
        this.logger.warn({ msg: 'operational_events.failed', error: (error as Error).message }),
      );
    return settled;
  }

  /** No attempt waits for the rest: it may be many slices. */
  private finishWait({ due, rest }: EndedWait): void {
    for (const { at, ...one } of due) this.queue.enqueue([one], at);
    if (!rest) return;
    endRestOfWait(this.database, rest).catch((error: unknown) =>
      this.logger.warn({ msg: 'deliveries.end_wait_failed', error: (error as Error).message }),
    );
  }

  /** What this does not hold is held when it is leased, one by one. */
  private holdRest({ subscriptionIds, at }: Unheld): void {
    moveInSlices(this.database, (sql) => holdDeliveries(sql, subscriptionIds, at)).catch((error: unknown) =>
      this.logger.warn({ msg: 'deliveries.hold_failed', error: (error as Error).message }),
    );
  }

  /**
   * What receivers have seen must get into the log, so this retries while the database is away, until this process
   * ends. Meanwhile the endpoints' queues are full, and the worker sends nothing new. Null: the database takes amiss a
   * value of one of several.
   */
  private async write(given: FinishedAttempt[], settle: Settle): Promise<SettledBatch | null> {
    let batch = given;
    for (let delay = 50; ; delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)) {
      try {
        return await settle(batch);
      } catch (error) {
        const { message } = error as Error;
        const { signal } = this.stopping;
        if (isDataError(error)) {
          if (batch.length > 1) return null;
          if (batch !== given) throw this.givenUp(batch, message, REFUSED);
          batch = batch.map(withoutWords);
        }
        if (signal.aborted) throw this.givenUp(batch, message, STOPPED);
        this.logger.error({ msg: 'attempts.settle_failed', attempts: batch.length, error: message });
        await sleep(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private givenUp({ length: attempts }: FinishedAttempt[], error: string, hint: string): NotWritten {
    this.logger.error({ msg: 'attempts.given_up', attempts, error, hint });
    return new NotWritten(error);
  }

  private announce(batch: FinishedAttempt[], settled: Settled[]): void {
    if (!this.feed.watched) return;
    for (const [index, { ready, record, endedAt, certificateUntil }] of batch.entries()) {
      const { status, nextAttemptAt } = settled[index] as Settled;
      const { delivery } = ready;
      // One literal: a spread costs more (ADR 9).
      this.feed.announce({
        spaceId: delivery.spaceId,
        deliveryId: delivery.id,
        eventId: delivery.eventId,
        eventType: delivery.eventType,
        subscriptionId: delivery.subscriptionId,
        trigger: delivery.trigger,
        attemptTrigger: attemptTriggerOf(delivery),
        deliverAt: delivery.deliverAt ?? null,
        pausedMs: delivery.pausedMs ?? 0,
        endedAt,
        certificateUntil,
        url: record.url,
        n: record.n,
        statusCode: record.statusCode,
        errorCode: record.errorCode,
        totalMs: record.totalMs,
        status,
        nextAttemptAt,
      });
    }
  }
}

function settleSpan(batch: FinishedAttempt[]): TraceSpan | null {
  return TraceSpan.ofBatch(batch, ({ trace }) => trace, {
    name: 'settle',
    attributes: { 'db.system.name': 'postgresql', 'messaging.batch.message_count': batch.length },
  });
}

function weigh({ record }: FinishedAttempt): number {
  return 1 + Math.floor((record.responseBody?.length ?? 0) / BYTES_PER_ATTEMPT);
}

/** Without what the endpoint or a template said. */
function withoutWords(attempt: FinishedAttempt): FinishedAttempt {
  const record = { ...attempt.record, errorDetail: null, responseHeaders: null, responseBody: null };
  return { ...attempt, record };
}
