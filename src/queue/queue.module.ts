import { BullModule, InjectQueue } from '@nestjs/bullmq';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Settings } from '../config/settings.js';
import { connectQueue, migrateQueue, type QueueConnection } from './connections.js';
import { DOORBELL_QUEUE, Doorbell } from './doorbell.js';
import { QUEUE } from './job.js';

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
      name: DOORBELL_QUEUE,
      inject: [PRODUCER],
      useFactory: ({ connection }: QueueConnection) => ({
        name: QUEUE,
        connection,
        // The hash tag keeps all of a queue's keys on one node of a Redis Cluster.
        prefix: '{posthorn}',
        // It must not need the server to come into being: what fails then fails for as long as the process lives.
        skipWaitingForReady: true,
        skipVersionCheck: true,
        // What a host application configures for all of its queues comes in here as well; its job options stay out.
        defaultJobOptions: {},
      }),
    }),
  ],
  providers: [Doorbell],
  exports: [Doorbell],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(PRODUCER) private readonly producer: QueueConnection,
    @InjectQueue(DOORBELL_QUEUE) private readonly queue: Queue,
  ) {
    // The doorbell tells of rings that fail. Without a listener BullMQ prints every error with its stack.
    queue.on('error', () => undefined);
  }

  // BullMQ goes on using a connection that was closed under it, and never finishes closing.
  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    await this.producer.close();
  }
}
