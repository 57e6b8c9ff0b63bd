import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeliveryLogService } from '../deliveries/delivery-log.service.js';
import { DeliveryView } from '../deliveries/delivery.dto.js';
import { toDeliveryView } from '../deliveries/delivery-wire.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SentData } from '../http/sent-data.js';
import { TestSend } from './event.dto.js';
import { TestSender } from './test-send.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class TestSendController {
  constructor(
    private readonly sender: TestSender,
    private readonly log: DeliveryLogService,
  ) {}

  /** Send an event type's example, or data of your own, to the endpoint now, even when it is paused; one attempt */
  @Post(':sub/test')
  @SpaceScope('manage', { right: 'test' })
  @HttpCode(202)
  async send(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() test: TestSend,
    @SentData() data: string | undefined,
  ): Promise<DeliveryView> {
    const id = await this.sender.send(space, sub, test, data);
    return toDeliveryView(await this.log.read(space, id));
  }
}
