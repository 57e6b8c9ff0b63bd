import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Worker } from 'bullmq';
import { Settings } from '../config/settings.js';
import { queueBackend, type QueueConnection } from '../queue/connections.js';
import { QUEUE, type RingJob } from '../queue/job.js';
import { shardPrefixes } from '../queue/shards.js';
import { Dispatcher } from './dispatcher.js';

/** Token of the consuming connection. */
export const CONSUMER = Symbol('queue consumer connection');

/** Jobs taken in at once, by all shards together. */
const CONCURRENCY = 8;
/** How long a stop waits for the queue to agree. The jobs themselves take a second at the most. */
const PATIENCE_MS = 2_000;
const QUIET_MS = 10_000;

/**
 * Answers the bell, on every shard. A job is done as soon as its ids are in their lanes: what happens to them is the
 * database's business, so no lock has to outlive a slow receiver and a dead worker's jobs need no rescue.
 */
@Injectable()
export class RingProcessor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('queue');
  private workers: Worker<RingJob>[] = [];
  private quietUntil = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly settings: Settings,
    @Inject(CONSUMER) private readonly consumer: QueueConnection,
  ) {}

  onApplicationBootstrap(): void {
    const prefixes = shardPrefixes(this.settings.queueShards);
    const concurrency = Math.max(2, Math.ceil(CONCURRENCY / prefixes.length));
    this.workers = prefixes.map((prefix) => this.listen(prefix, concurrency));
  }

  /** No more jobs: a bell that rings from here on is another worker's. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      this.workers.map(async (worker) => {
        // With the server away, the end of a blocking command is waited for for ever. Closing by force does not wait.
        const paused = worker.pause().catch(() => undefined);
        await Promise.race([paused, sleep(PATIENCE_MS, undefined, { ref: false })]);
        await worker.close(true);
      }),
    );
  }

  private listen(prefix: string, concurrency: number): Worker<RingJob> {
    const worker = new Worker<RingJob>(
      QUEUE,
      (job) => this.dispatcher.offer(job.data),
      { connection: this.consumer.connection, prefix, concurrency, drainDelay: 1, runRetryDelay: 1_000 },
      queueBackend,
    );
    worker.on('error', (error) => this.complain(error));
    return worker;
  }

  /** A server that is away fails every attempt to reach it; one line in ten seconds says so. */
  private complain(error: Error): void {
    const now = performance.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + QUIET_MS;
    this.logger.warn(`queue.listen_failed: ${error.message}; trying again`);
  }
}
