import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { queueBackend, type QueueConnection } from './connections.js';
import { QUEUE, type RingJob } from './job.js';

export interface Listener {
  /** Jobs taken in at once. */
  concurrency: number;
  onJob: (job: RingJob) => Promise<void>;
  onError: (error: Error) => void;
}

/** How long a stop waits for the queue to agree. The jobs themselves take a second at the most. */
const PATIENCE_MS = 2_000;
/** How much longer than asked a blocking wait may take before it looks lost, milliseconds. BullMQ itself gives it 1,000. */
const LATE_MS = 900;
const LOST_MS = 3_000;
const LOOK_MS = 1_000;

/** The consuming end of one queue. It hears as long as the server answers: a BullMQ worker alone may go deaf. */
export class Ear {
  private worker: Worker<RingJob>;
  /** When the worker must have heard something, or that there is nothing; null while it is not listening. */
  private dueBy: number | null = null;
  private isLooking = false;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly prefix: string,
    private readonly consumer: QueueConnection,
    private readonly listener: Listener,
  ) {
    this.worker = this.listen();
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
    const { connection } = this.consumer;
    const worker = new Worker<RingJob>(
      QUEUE,
      (job) => onJob(job.data),
      { connection, prefix: this.prefix, concurrency, drainDelay: 1, runRetryDelay: 1_000 },
      this.backend,
    );
    worker.on('error', onError);
    return worker;
  }

  /** The usual one, but we see how its blocking waits do. */
  private readonly backend: typeof queueBackend = (name, options, extra) => {
    const backend = queueBackend(name, options, extra);
    const wait = backend.waitForJob.bind(backend);
    backend.waitForJob = async (seconds) => {
      const since = performance.now();
      // A wait that failed leaves this as it is: the next one has no more time.
      this.dueBy ??= since + seconds * 1_000 + LOST_MS;
      const found = await wait(seconds);
      if (found !== null || performance.now() - since < seconds * 1_000 + LATE_MS) this.dueBy = null;
      return found;
    };
    return backend;
  };

  /**
   * Replaces a worker whose waits fail although its server answers. After a node of a Redis Cluster was away for some
   * seconds BullMQ's blocking connection may stay closed for ever (taskforcesh/bullmq#4138 and after; 6.7.0 with
   * ioredis 5.11.1 still does, test/faults/redis-cluster.test.ts).
   */
  private async look(): Promise<void> {
    if (this.isLooking || !this.isOverdue()) return;
    this.isLooking = true;
    const since = performance.now();
    const answers = await this.consumer.answers?.(this.prefix);
    this.isLooking = false;
    if (!answers || !this.isOverdue()) return;
    // It is back only now: the worker may find out by itself.
    if (performance.now() - since > LOOK_MS) this.dueBy = performance.now() + LOST_MS;
    else this.replace();
  }

  private isOverdue(): boolean {
    return this.dueBy !== null && performance.now() > this.dueBy;
  }

  private replace(): void {
    const deaf = this.worker;
    this.dueBy = null;
    this.worker = this.listen();
    this.listener.onError(new Error('a worker heard nothing more and was replaced'));
    deaf.close(true).catch(this.listener.onError);
  }
}
