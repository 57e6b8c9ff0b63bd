import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import type { TraceSpan } from '../telemetry/trace-span.js';
import { QueueProducer } from './queue-producer.js';
import type { DueDelivery, DeliverJob } from './deliver-job.js';
import { shardOf, shardPrefixes } from './shards.js';

/** Token of the first shard's producer. The consumer has a connection, and so a token, of its own. */
export const DELIVERY_QUEUE = 'posthorn-delivery-queue';

/**
 * In: ids of committed deliveries, and when they are due. Out: jobs of up to 128 ids in BullMQ, which
 * `DeliverProcessor` takes up in a worker. Enqueueing never fails and is not awaited: the sweeper finds what the queue
 * loses.
 */
@Injectable()
export class DeliveryQueue {
  private readonly producers: readonly QueueProducer[];
  private readonly failures = new RateLimitedLog((line) => new Logger('queue').warn(line));

  constructor(@InjectQueue(DELIVERY_QUEUE) first: Queue<DeliverJob>, settings: Settings, clock: Clock) {
    // A further shard is the same queue with another prefix.
    this.producers = shardPrefixes(settings.queueShards).map(
      (prefix, shard) =>
        new QueueProducer(
          shard === 0 ? first : new Queue<DeliverJob>(first.name, { ...first.opts, prefix }),
          clock,
        ),
    );
  }

  /**
   * Enqueues deliveries that are due at `at` (epoch milliseconds; past or absent: now). `cause`: the span of what made
   * them due.
   */
  enqueue(due: DueDelivery[], at = 0, cause: TraceSpan | null = null): void {
    for (const one of due) {
      this.producers[shardOf(one.subscriptionId, this.producers.length)]
        ?.enqueue({ ...one, at, cause })
        .catch((error: unknown) =>
          this.failures.log(
            `queue.enqueue_failed: ${(error as Error).message}; the sweeper enqueues these deliveries again`,
          ),
        );
    }
  }

  /** Waits, a second at the most, until everything enqueued so far is in the queue or has failed. */
  async flush(): Promise<void> {
    const isBusy = () => this.producers.some((producer) => !producer.isIdle);
    for (let waited = 0; waited < 1_000 && isBusy(); waited += 5) await sleep(5);
  }

  /** Jobs waiting or delayed in all queues. Throws when one of them cannot be reached. */
  async depth(): Promise<number> {
    const depths = await Promise.all(this.producers.map((producer) => producer.depth()));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  /**
   * When the job that has waited longest was enqueued, epoch milliseconds; null: none waits. Throws as `depth` does.
   */
  async oldestWaiting(): Promise<number | null> {
    const times = await Promise.all(this.producers.map((producer) => producer.oldestWaiting()));
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  async close(): Promise<void> {
    await Promise.all(this.producers.map((producer) => producer.close()));
  }
}
