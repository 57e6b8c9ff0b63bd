import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { QueueConnection } from './connections.js';
import { QUEUE_NAME, type DeliverJob } from './deliver-job.js';
import { watchdogOf } from './consumer-watchdog.js';

export interface ConsumerHandler {
  /** Jobs processed at once. */
  concurrency: number;
  onJob: (job: DeliverJob) => Promise<void>;
  onError: (error: Error) => void;
}

/** Options of all BullMQ workers. */
export const CONSUMER_OPTIONS = { drainDelay: 1, runRetryDelay: 1_000 };

/** How long a stop waits for the server, milliseconds. The jobs themselves take a second at the most. */
const CLOSE_TIMEOUT_MS = 2_000;
const CHECK_MS = 1_000;

/** The consumer of one queue. Replaces BullMQ's worker when that receives nothing although the server answers. */
export class QueueConsumer {
  private worker: Worker<DeliverJob>;
  private isChecking = false;
  private isClosed = false;
  private readonly timer: NodeJS.Timeout | undefined;

  /** `worker`: one that runs already, if there is one. */
  constructor(
    private readonly prefix: string,
    private readonly connection: QueueConnection,
    private readonly handler: ConsumerHandler,
    worker?: Worker<DeliverJob>,
  ) {
    this.worker = worker ?? this.startWorker();
    if (connection.answers) this.timer = setInterval(() => void this.check(), CHECK_MS).unref();
  }

  /** Accepts no more jobs. Those in process go on. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    // Without the server, BullMQ waits for ever for the end of a blocking command, unless it is closed by force.
    const paused = this.worker.pause().catch(() => undefined);
    await Promise.race([paused, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    await this.worker.close(true);
  }

  private startWorker(): Worker<DeliverJob> {
    const { concurrency, onJob, onError } = this.handler;
    const options = {
      ...CONSUMER_OPTIONS,
      connection: this.connection.connection,
      prefix: this.prefix,
      concurrency,
    };
    const worker = new Worker<DeliverJob>(QUEUE_NAME, (job) => onJob(job.data), options);
    worker.on('error', onError);
    return worker;
  }

  /**
   * Replaces a worker whose waits fail although its server answers. After a node of a Redis Cluster was away for some
   * seconds BullMQ's blocking connection may stay closed for ever (taskforcesh/bullmq#4138 and after; 6.7.0 with
   * ioredis 5.11.1 still does, test/faults/redis-cluster.test.ts).
   */
  private async check(): Promise<void> {
    const watchdog = watchdogOf(this.worker.opts);
    if (this.isChecking || !watchdog?.isOverdue()) return;
    this.isChecking = true;
    const since = performance.now();
    const answers = await this.connection.answers?.(this.prefix);
    this.isChecking = false;
    // A worker that is started after `close` would take jobs that nobody handles.
    if (this.isClosed || !answers || !watchdog.isOverdue()) return;
    if (performance.now() - since > CHECK_MS) watchdog.extend();
    else this.replaceWorker();
  }

  private replaceWorker(): void {
    const stalled = this.worker;
    this.worker = this.startWorker();
    this.handler.onError(new Error('a worker received no more jobs and was replaced'));
    stalled.close(true).catch(this.handler.onError);
  }
}
