import { SpanKind } from '@opentelemetry/api';
import type { Queue } from 'bullmq';
import { Batcher } from '../lib/batcher.js';
import type { Clock } from '../lib/clock.js';
import { TraceSpan } from '../telemetry/trace-span.js';
import { packJobs, QUEUE_NAME, type DueDelivery, type DeliverJob } from './deliver-job.js';

/** A delivery to enqueue, and when it is due, epoch milliseconds. */
export interface ScheduledDelivery extends DueDelivery {
  at: number;
  /** The span of what made it due, if that is traced. */
  cause: TraceSpan | null;
}

/** Deliveries due within one such window, milliseconds, share jobs that are due at its end. */
const WINDOW_MS = 100;

const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** The producer of one queue. Each has its own batches, so a queue that is away delays no other. */
export class QueueProducer {
  private readonly batcher = new Batcher<ScheduledDelivery, undefined>(
    (deliveries) => this.flush(deliveries),
    {
      max: 2_000,
      parallel: 2,
    },
  );

  constructor(
    private readonly queue: Queue<DeliverJob>,
    private readonly clock: Clock,
  ) {
    // A failed `add` reports the error. Without a listener BullMQ prints every error with its stack.
    queue.on('error', () => undefined);
  }

  /** Resolves when its job is in the queue; throws when the queue cannot be reached. */
  async enqueue(delivery: ScheduledDelivery): Promise<void> {
    await this.batcher.add(delivery);
  }

  get isIdle(): boolean {
    return this.batcher.isIdle;
  }

  /** Jobs waiting or delayed. */
  depth(): Promise<number> {
    return this.queue.getJobCountByTypes('waiting', 'delayed', 'prioritized');
  }

  /** When the job that has waited longest was enqueued, epoch milliseconds; null: none waits. */
  async oldestWaiting(): Promise<number | null> {
    const [job] = await this.queue.getJobs(['waiting'], 0, 0, true);
    return job?.timestamp ?? null;
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  private async flush(deliveries: ScheduledDelivery[]): Promise<undefined[]> {
    const now = this.clock.now();
    const windows = new Map<number, ScheduledDelivery[]>();
    for (const delivery of deliveries) {
      const window = delivery.at <= now ? 0 : Math.ceil((delivery.at - now) / WINDOW_MS) * WINDOW_MS;
      const members = windows.get(window);
      if (members) members.push(delivery);
      else windows.set(window, [delivery]);
    }
    const span = enqueueSpan(deliveries);
    // One by one: on PostgreSQL BullMQ's `addBulk` is slower (ADR 9).
    const adding = [...windows].flatMap(([delay, members]) =>
      packJobs(members).map((data) =>
        this.queue.add('deliver', span ? { ...data, trace: span.stored } : data, { ...JOB_OPTIONS, delay }),
      ),
    );
    try {
      await Promise.all(adding);
      span?.end();
    } catch (error) {
      span?.fail('queue_error');
      throw error;
    }
    return [];
  }
}

/** Null when nothing that is traced made them due. */
function enqueueSpan(deliveries: ScheduledDelivery[]): TraceSpan | null {
  return TraceSpan.ofBatch(deliveries, ({ cause }) => cause, {
    name: 'enqueue',
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.name': 'enqueue',
      'messaging.operation.type': 'send',
      'messaging.destination.name': QUEUE_NAME,
      'messaging.batch.message_count': deliveries.length,
    },
  });
}
