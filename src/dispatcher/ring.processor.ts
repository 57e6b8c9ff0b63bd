import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Job } from 'bullmq';
import { QUEUE, type RingJob } from '../queue/job.js';
import { Dispatcher } from './dispatcher.js';

/** Where BullMQ finds the consuming connection (`dispatcher.module.ts`). */
export const CONSUMER = 'posthorn-consumer';

/**
 * Answers the bell. A job is done as soon as its ids are in their lanes: what happens to them is the database's
 * business, so no lock has to outlive a slow receiver and a dead worker's jobs need no rescue.
 */
@Processor({ name: QUEUE, configKey: CONSUMER }, { concurrency: 8, drainDelay: 1 })
export class RingProcessor extends WorkerHost implements BeforeApplicationShutdown {
  constructor(private readonly dispatcher: Dispatcher) {
    super();
  }

  async process(job: Job<RingJob>): Promise<void> {
    await this.dispatcher.offer(job.data);
  }

  /** No more jobs: a bell that rings from here on is another worker's. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.close();
  }
}
