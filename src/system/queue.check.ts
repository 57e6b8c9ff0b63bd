import { Injectable } from '@nestjs/common';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import { HealthCheck } from './health-check.js';

/** Whether the queue responds. Without it events are still accepted, but no worker is notified. */
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
