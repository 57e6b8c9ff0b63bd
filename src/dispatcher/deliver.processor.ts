import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { Job } from 'bullmq';
import { Settings } from '../config/settings.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { readTraceContext, splitTraceContext } from '../lib/traceparent.js';
import { Tracing } from '../telemetry/tracing.js';
import type { TraceSpan } from '../telemetry/trace-span.js';
import type { QueueConnection } from '../queue/connections.js';
import { QueueConsumer, CONSUMER_OPTIONS } from '../queue/queue-consumer.js';
import { QUEUE_NAME, type DeliverJob } from '../queue/deliver-job.js';
import { shardPrefixes } from '../queue/shards.js';
import { Dispatcher } from './dispatcher.js';
import { HandoverReceiver } from './handover-receiver.js';

/** The configuration under which BullMQ finds the consumer's connection (`dispatcher.module.ts`). */
export const CONSUMER = 'posthorn-consumer';
export const CONSUMER_CONNECTION = Symbol('queue consumer connection');

/** Jobs accepted at once, by all shards together. */
const CONCURRENCY = 8;

/**
 * In: jobs from the queues of all shards. Out: their delivery ids, given to the `Dispatcher`. A job is done as soon as
 * its ids wait there. The database has the deliveries, so no job is kept open for a slow receiver or recovered from a
 * dead worker.
 */
@Processor({ name: QUEUE_NAME, configKey: CONSUMER }, { ...CONSUMER_OPTIONS, concurrency: CONCURRENCY })
export class DeliverProcessor
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private consumers: QueueConsumer[] = [];
  private readonly failures = new RateLimitedLog((line) => new Logger('queue').warn(line));

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly settings: Settings,
    @Inject(CONSUMER_CONNECTION) private readonly connection: QueueConnection,
    private readonly tracing: Tracing,
    private readonly handovers: HandoverReceiver,
  ) {
    super();
  }

  async process(job: Job<DeliverJob>): Promise<void> {
    await this.accept(job.data);
  }

  private async accept(job: DeliverJob): Promise<void> {
    const span = this.tracing.isOn ? receiveSpan(this.tracing, job) : null;
    await this.dispatcher.acceptJob(job);
    this.handovers.noteQueued(job.due.map(([subscriptionId]) => subscriptionId));
    span?.end();
  }

  /** `@nestjs/bullmq` makes the first shard's worker; those of further shards are made here. */
  onApplicationBootstrap(): void {
    const prefixes = shardPrefixes(this.settings.queueShards);
    const handler = {
      concurrency: Math.max(2, Math.ceil(CONCURRENCY / prefixes.length)),
      onJob: (job: DeliverJob) => this.accept(job),
      onError: (error: Error) => this.logFailure(error),
    };
    this.worker.concurrency = handler.concurrency;
    this.consumers = prefixes.map(
      (prefix, shard) =>
        new QueueConsumer(prefix, this.connection, handler, shard === 0 ? this.worker : undefined),
    );
  }

  /** Accepts no more jobs: they stay in the queue for other workers. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  @OnWorkerEvent('error')
  logFailure(error: Error): void {
    this.failures.log(`queue.listen_failed: ${error.message}; trying again`);
  }
}

/** In the trace of the enqueueing span; null when that was none. */
function receiveSpan(tracing: Tracing, { trace, due }: DeliverJob): TraceSpan | null {
  if (typeof trace !== 'string') return null;
  const { traceparent, tracestate } = splitTraceContext(trace);
  // The queue is another's storage: what is not a trace context is nothing.
  const known = readTraceContext(traceparent, tracestate);
  if (known === null) return null;
  return tracing.following(known, {
    name: 'receive',
    kind: SpanKind.CONSUMER,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.destination.name': QUEUE_NAME,
      'messaging.batch.message_count': due.reduce((sum, [, ids]) => sum + ids.length, 0),
    },
  });
}
