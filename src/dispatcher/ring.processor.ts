import { setTimeout as sleep } from 'node:timers/promises';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Job } from 'bullmq';
import { QUEUE, type RingJob } from '../queue/job.js';
import { Dispatcher } from './dispatcher.js';

/** Where BullMQ finds the consuming connection (`dispatcher.module.ts`). */
export const CONSUMER = 'posthorn-consumer';

/** How long a stop waits for the queue to agree. The jobs themselves take a second at the most. */
const PATIENCE_MS = 2_000;
const QUIET_MS = 10_000;

/**
 * Answers the bell. A job is done as soon as its ids are in their lanes: what happens to them is the database's
 * business, so no lock has to outlive a slow receiver and a dead worker's jobs need no rescue.
 */
@Processor({ name: QUEUE, configKey: CONSUMER }, { concurrency: 8, drainDelay: 1, runRetryDelay: 1_000 })
export class RingProcessor extends WorkerHost implements BeforeApplicationShutdown {
  private readonly logger = new Logger('queue');
  private quietUntil = 0;

  constructor(private readonly dispatcher: Dispatcher) {
    super();
  }

  async process(job: Job<RingJob>): Promise<void> {
    await this.dispatcher.offer(job.data);
  }

  /** No more jobs: a bell that rings from here on is another worker's. */
  async beforeApplicationShutdown(): Promise<void> {
    // With the server away, the end of a blocking command is waited for for ever. Closing by force does not wait.
    const paused = this.worker.pause().catch(() => undefined);
    await Promise.race([paused, sleep(PATIENCE_MS, undefined, { ref: false })]);
    await this.worker.close(true);
  }

  /** A server that is away fails every attempt to reach it; one line in ten seconds says so. */
  @OnWorkerEvent('error')
  complain(error: Error): void {
    const now = performance.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + QUIET_MS;
    this.logger.warn(`queue.listen_failed: ${error.message}; trying again`);
  }
}
