import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Settings } from '../config/settings.js';
import type { QueueConnection } from '../queue/connections.js';
import { QueueConsumer, CONSUMER_OPTIONS } from '../queue/queue-consumer.js';
import { QUEUE_NAME, type DeliverJob } from '../queue/deliver-job.js';
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
@Processor({ name: QUEUE_NAME, configKey: CONSUMER }, { ...CONSUMER_OPTIONS, concurrency: CONCURRENCY })
export class DeliverProcessor
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger('queue');
  private consumers: QueueConsumer[] = [];
  private quietUntil = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly settings: Settings,
    @Inject(CONSUMER_CONNECTION) private readonly connection: QueueConnection,
  ) {
    super();
  }

  async process(job: Job<DeliverJob>): Promise<void> {
    await this.dispatcher.acceptJob(job.data);
  }

  /** The first shard's worker is made for us, as for any processor; the setting knows of further ones. */
  onApplicationBootstrap(): void {
    const prefixes = shardPrefixes(this.settings.queueShards);
    const handler = {
      concurrency: Math.max(2, Math.ceil(CONCURRENCY / prefixes.length)),
      onJob: (job: DeliverJob) => this.dispatcher.acceptJob(job),
      onError: (error: Error) => this.logFailure(error),
    };
    this.worker.concurrency = handler.concurrency;
    this.consumers = prefixes.map(
      (prefix, shard) =>
        new QueueConsumer(prefix, this.connection, handler, shard === 0 ? this.worker : undefined),
    );
  }

  /** No more jobs: a bell that rings from here on is another worker's. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  /** A server that is away fails every attempt to reach it; one line in ten seconds says so. */
  @OnWorkerEvent('error')
  logFailure(error: Error): void {
    const now = performance.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + QUIET_MS;
    this.logger.warn(`queue.listen_failed: ${error.message}; trying again`);
  }
}
