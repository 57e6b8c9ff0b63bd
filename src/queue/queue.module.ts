import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { connectQueue, migrateQueue, type QueueConnection } from './connections.js';
import { Doorbell, PRODUCER } from './doorbell.js';

/** The producing side of the queue. The consuming side is the dispatcher's (`dispatcher/dispatcher.module.ts`). */
@Module({
  providers: [
    {
      provide: PRODUCER,
      inject: [Settings],
      // BullMQ's tables have to be there before anything uses them.
      useFactory: async (settings: Settings) => {
        await migrateQueue(settings);
        return connectQueue(settings, 'producer');
      },
    },
    Doorbell,
  ],
  exports: [Doorbell],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(PRODUCER) private readonly producer: QueueConnection,
    private readonly doorbell: Doorbell,
  ) {}

  // BullMQ goes on using a connection that was closed under it, and never finishes closing.
  async onApplicationShutdown(): Promise<void> {
    await this.doorbell.close();
    await this.producer.close();
  }
}
