import { Injectable } from '@nestjs/common';
import { Doorbell } from '../queue/doorbell.js';
import { HealthCheck } from './health-check.js';

/** Whether the queue answers. Without it events are still taken, but no worker hears of them. */
@Injectable()
export class QueueCheck extends HealthCheck {
  readonly name = 'queue';

  constructor(private readonly doorbell: Doorbell) {
    super();
  }

  async check(): Promise<void> {
    await this.doorbell.depth();
  }
}
