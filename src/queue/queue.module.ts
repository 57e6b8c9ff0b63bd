import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Settings } from '../config/settings.js';
import { connectQueue, migrateQueue, type QueueConnection } from './connections.js';
import { DELIVERY_QUEUE, DeliveryQueue } from './delivery-queue.js';
import { QUEUE_NAME } from './deliver-job.js';
import { FIRST_PREFIX } from './shards.js';

const PRODUCER = Symbol('queue producer connection');

/** Opens the producing side's connection, after BullMQ's tables exist. */
@Global()
@Module({
  providers: [
    {
      provide: PRODUCER,
      inject: [Settings],
      useFactory: async (settings: Settings) => {
        await migrateQueue(settings);
        return connectQueue(settings, 'producer');
      },
    },
  ],
  exports: [PRODUCER],
})
class ProducerModule {}

/** The producing side of the queue. The consuming side is the dispatcher's (`dispatcher/dispatcher.module.ts`). */
@Module({
  imports: [
    ProducerModule,
    BullModule.registerQueueAsync({
      name: DELIVERY_QUEUE,
      inject: [PRODUCER],
      useFactory: ({ connection }: QueueConnection) => ({
        name: QUEUE_NAME,
        connection,
        prefix: FIRST_PREFIX,
        // It must not need the server to come into being: what fails then fails for as long as the process lives.
        skipWaitingForReady: true,
        skipVersionCheck: true,
        // What a host application configures for all of its queues comes in here as well; its job options stay out.
        defaultJobOptions: {},
      }),
    }),
  ],
  providers: [
    DeliveryQueue,
    {
      // From the queue's first moment on: the doorbell waits for the database, and BullMQ prints errors that nobody hears.
      provide: Symbol('queue errors'),
      inject: [getQueueToken(DELIVERY_QUEUE)],
      useFactory: (queue: Queue) => queue.on('error', () => undefined),
    },
  ],
  exports: [DeliveryQueue],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(PRODUCER) private readonly producer: QueueConnection,
    private readonly queue: DeliveryQueue,
  ) {}

  // BullMQ goes on using a connection that was closed under it, and never finishes closing.
  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    await this.producer.close();
  }
}
