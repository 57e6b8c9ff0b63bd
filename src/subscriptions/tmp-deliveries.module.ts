import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { Deliveries } from '../deliveries/deliveries.service.js';

@Module({ imports: [QueueModule], providers: [Deliveries], exports: [Deliveries] })
export class DeliveriesModule {}
