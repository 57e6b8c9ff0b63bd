import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Settings } from '../config/settings.js';
import { connectQueue, migrateQueue, type QueueConnection } from './connections.js';
import { DELIVERY_QUEUE, DeliveryQueue } from './delivery-queue.js';
import { QUEUE_NAME } from './deliver-job.js';
import { RedisChannels } from './redis-channels.js';
import { FIRST_PREFIX } from './shards.js';

const PRODUCER = Symbol('queue producer connection');

/** Opens the producer's connection, after BullMQ's tables have been made. */
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

/** The producer's side of the queue. The consumer's side is in `dispatcher/dispatcher.module.ts`. */
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
        // Creating the queue must not need the server: a failure here would last as long as the process.
        skipWaitingForReady: true,
        skipVersionCheck: true,
        // A host application's defaults for all its queues apply here as well, but not its job options.
        defaultJobOptions: {},
      }),
    }),
  ],
  providers: [
    DeliveryQueue,
    {
      provide: RedisChannels,
      inject: [PRODUCER],
      useFactory: ({ redis }: QueueConnection) => new RedisChannels(redis ?? null),
    },
    {
      // Before DeliveryQueue exists, which waits for the database: BullMQ prints errors without a listener.
      provide: Symbol('queue errors'),
      inject: [getQueueToken(DELIVERY_QUEUE)],
      useFactory: (queue: Queue) => queue.on('error', () => undefined),
    },
  ],
  exports: [DeliveryQueue, RedisChannels],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(PRODUCER) private readonly producer: QueueConnection,
    private readonly queue: DeliveryQueue,
    private readonly channels: RedisChannels,
  ) {}

  // In this order: BullMQ cannot close a queue whose connection is closed.
  async onApplicationShutdown(): Promise<void> {
    this.channels.close();
    await this.queue.close();
    await this.producer.close();
  }
}
