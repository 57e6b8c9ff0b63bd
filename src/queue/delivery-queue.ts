import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { QueueProducer } from './queue-producer.js';
import type { DueDelivery, DeliverJob } from './deliver-job.js';
import { shardOf, shardPrefixes } from './shards.js';

/** Token of the first queue, which only adds jobs. The consumer has a connection, and so a token, of its own. */
export const DELIVERY_QUEUE = 'posthorn-doorbell';

/**
 * Tells the workers to look at deliveries. Ringing never fails and is never waited for: what the bell loses, the
 * sweeper finds.
 */
@Injectable()
export class DeliveryQueue {
  private readonly logger = new Logger('queue');
  private readonly producers: readonly QueueProducer[];
  private quietUntil = 0;

  constructor(
    @InjectQueue(DELIVERY_QUEUE) first: Queue<DeliverJob>,
    settings: Settings,
    private readonly clock: Clock,
  ) {
    // The setting knows of further shards: the same queue once more, with another prefix.
    this.producers = shardPrefixes(settings.queueShards).map(
      (prefix, shard) =>
        new QueueProducer(
          shard === 0 ? first : new Queue<DeliverJob>(first.name, { ...first.opts, prefix }),
          clock,
        ),
    );
  }

  /** Rings for deliveries due at `at` (milliseconds; past or absent: now). */
  enqueue(due: DueDelivery[], at = 0): void {
    for (const one of due) {
      this.producers[shardOf(one.subscriptionId, this.producers.length)]
        ?.enqueue({ ...one, at })
        .catch((error: unknown) => this.logFailure(error as Error));
    }
  }

  /** Waits until everything rung for is in the queue, or could not be; a second at the most. */
  async flush(): Promise<void> {
    const isBusy = () => this.producers.some((producer) => !producer.isIdle);
    for (let waited = 0; waited < 1_000 && isBusy(); waited += 5) await sleep(5);
  }

  /** Jobs waiting or delayed in all queues. Throws when one of them cannot be reached. */
  async depth(): Promise<number> {
    const depths = await Promise.all(this.producers.map((producer) => producer.depth()));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.producers.map((producer) => producer.close()));
  }

  /** A dead queue fails every ring; one line in ten seconds says so. */
  private logFailure(error: Error): void {
    const now = this.clock.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + 10_000;
    this.logger.warn(`queue.ring_failed: ${error.message}; the sweeper will ring again`);
  }
}
