import { Injectable } from '@nestjs/common';
import { DeliveryLogService } from '../deliveries/delivery-log.service.js';
import type { DeliveryView } from '../deliveries/delivery.dto.js';
import { toDeliveryView } from '../deliveries/delivery-wire.js';
import type { TestSend } from '../events/event.dto.js';
import { TestSender } from '../events/test-send.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** Test sends, with the delivery that each makes. */
@Injectable()
export class EventTrials {
  constructor(
    private readonly sender: TestSender,
    private readonly log: DeliveryLogService,
  ) {}

  async send(space: SpaceRef, subscription: string, test: TestSend): Promise<DeliveryView> {
    const id = await this.sender.send(space, subscription, test);
    return toDeliveryView(await this.log.read(space, id));
  }
}
