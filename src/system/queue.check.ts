import { Injectable } from '@nestjs/common';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import { HealthCheck } from './health-check.js';

/** Whether the queue answers. Without it events are still taken, but no worker hears of them. */
@Injectable()
export class QueueCheck extends HealthCheck {
  readonly name = 'queue';

  constructor(private readonly queue: DeliveryQueue) {
    super();
  }

  async check(): Promise<void> {
    await this.queue.depth();
  }
}
