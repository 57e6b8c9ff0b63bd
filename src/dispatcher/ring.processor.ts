import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Settings } from '../config/settings.js';
import type { QueueConnection } from '../queue/connections.js';
import { Ear, LISTENING } from '../queue/ear.js';
import { QUEUE, type RingJob } from '../queue/job.js';
import { shardPrefixes } from '../queue/shards.js';
import { Dispatcher } from './dispatcher.js';

/** Where BullMQ finds the consuming connection (`dispatcher.module.ts`). */
export const CONSUMER = 'posthorn-consumer';
export const CONSUMER_CONNECTION = Symbol('queue consumer connection');

/** Jobs taken in at once, by all shards together. */
const CONCURRENCY = 8;
const QUIET_MS = 10_000;

/**
 * Answers the bell, on every shard. A job is done as soon as its ids are in their lanes: what happens to them is the
 * database's business, so no lock has to outlive a slow receiver and a dead worker's jobs need no rescue.
 */
@Processor({ name: QUEUE, configKey: CONSUMER }, { ...LISTENING, concurrency: CONCURRENCY })
export class RingProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('queue');
  private ears: Ear[] = [];
  private quietUntil = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly settings: Settings,
    @Inject(CONSUMER_CONNECTION) private readonly consumer: QueueConnection,
  ) {
    super();
  }

  async process(job: Job<RingJob>): Promise<void> {
    await this.dispatcher.offer(job.data);
  }

  /** The first shard's worker is made for us, as for any processor; the setting knows of further ones. */
  onApplicationBootstrap(): void {
    const prefixes = shardPrefixes(this.settings.queueShards);
    const listener = {
      concurrency: Math.max(2, Math.ceil(CONCURRENCY / prefixes.length)),
      onJob: (job: RingJob) => this.dispatcher.offer(job),
      onError: (error: Error) => this.complain(error),
    };
    this.worker.concurrency = listener.concurrency;
    this.ears = prefixes.map(
      (prefix, shard) => new Ear(prefix, this.consumer, listener, shard === 0 ? this.worker : undefined),
    );
  }

  /** No more jobs: a bell that rings from here on is another worker's. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.ears.map((ear) => ear.close()));
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
