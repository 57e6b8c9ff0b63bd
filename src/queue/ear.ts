import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { QueueConnection } from './connections.js';
import { QUEUE, type RingJob } from './job.js';
import { waitsOf } from './wait-watch.js';

export interface Listener {
  /** Jobs taken in at once. */
  concurrency: number;
  onJob: (job: RingJob) => Promise<void>;
  onError: (error: Error) => void;
}

/** How every worker of ours listens. */
export const LISTENING = { drainDelay: 1, runRetryDelay: 1_000 };

/** How long a stop waits for the queue to agree. The jobs themselves take a second at the most. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 1_000;

/** The consuming end of one queue. It hears as long as the server answers: a BullMQ worker alone may go deaf. */
export class Ear {
  private worker: Worker<RingJob>;
  private isLooking = false;
  private readonly timer: NodeJS.Timeout | undefined;

  /** `worker` is one that listens already, when there is one. */
  constructor(
    private readonly prefix: string,
    private readonly consumer: QueueConnection,
    private readonly listener: Listener,
    worker?: Worker<RingJob>,
  ) {
    this.worker = worker ?? this.listen();
    if (consumer.answers) this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** No more jobs. Those taken in go on. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    // With the server away, the end of a blocking command is waited for for ever. Closing by force does not wait.
    const paused = this.worker.pause().catch(() => undefined);
    await Promise.race([paused, sleep(PATIENCE_MS, undefined, { ref: false })]);
    await this.worker.close(true);
  }

  private listen(): Worker<RingJob> {
    const { concurrency, onJob, onError } = this.listener;
    const options = { ...LISTENING, connection: this.consumer.connection, prefix: this.prefix, concurrency };
    const worker = new Worker<RingJob>(QUEUE, (job) => onJob(job.data), options);
    worker.on('error', onError);
    return worker;
  }

  /**
   * Replaces a worker whose waits fail although its server answers. After a node of a Redis Cluster was away for some
   * seconds BullMQ's blocking connection may stay closed for ever (taskforcesh/bullmq#4138 and after; 6.7.0 with
   * ioredis 5.11.1 still does, test/faults/redis-cluster.test.ts).
   */
  private async look(): Promise<void> {
    const waits = waitsOf(this.worker.opts);
    if (this.isLooking || !waits?.isOverdue()) return;
    this.isLooking = true;
    const since = performance.now();
    const answers = await this.consumer.answers?.(this.prefix);
    this.isLooking = false;
    if (!answers || !waits.isOverdue()) return;
    if (performance.now() - since > LOOK_MS) waits.giveTime();
    else this.replace();
  }

  private replace(): void {
    const deaf = this.worker;
    this.worker = this.listen();
    this.listener.onError(new Error('a worker heard nothing more and was replaced'));
    deaf.close(true).catch(this.listener.onError);
  }
}
