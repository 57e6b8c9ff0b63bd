import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { receiverBase } from '../config/own-receiver.js';
import { Settings } from '../config/settings.js';
import { Conflict } from '../core/errors.js';
import { parsePublicId, publicId, uuidTime } from '../core/ids.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import {
  ReceivedList,
  ReceivedView,
  ReceiverChanges,
  ReceiverView,
  RequestQuery,
} from './test-receiver.dto.js';
import type { TestReceiverEntity } from './test-receiver.entity.js';
import { TestReceiversService } from './test-receivers.service.js';
import type { TestRequestEntity } from './test-request.entity.js';

@Controller('v1/spaces/:space/test-receivers')
export class TestReceiversController {
  constructor(
    private readonly receivers: TestReceiversService,
    private readonly settings: Settings,
  ) {}

  /** Create a test receiver inside the engine. A space keeps its last 20. */
  @Post()
  @SpaceScope('manage', { right: 'test' })
  @ApiProblem(409, '`test_receiver_off`: the operator did not set POSTHORN_TEST_RECEIVER')
  async create(@CurrentSpace() space: SpaceRef): Promise<ReceiverView> {
    if (!this.settings.testReceiver) {
      throw new Conflict(
        'test_receiver_off',
        'This engine has no test receivers. The operator turns them on with POSTHORN_TEST_RECEIVER=true.',
      );
    }
    return this.view(await this.receivers.create(space));
  }

  /** Set how a receiver responds */
  @Patch(':receiver')
  @SpaceScope('manage', { right: 'test' })
  async change(
    @CurrentSpace() space: SpaceRef,
    @Param('receiver') ref: string,
    @Body() changes: ReceiverChanges,
  ): Promise<ReceiverView> {
    return this.view(await this.receivers.change(space, ref, changes));
  }

  /** Read the requests that a receiver got */
  @Get(':receiver/requests')
  @SpaceScope('read')
  async requests(
    @CurrentSpace() space: SpaceRef,
    @Param('receiver') ref: string,
    @Query() { after }: RequestQuery,
  ): Promise<ReceivedList> {
    const { id } = await this.receivers.find(space, ref);
    const last = after === undefined ? null : parsePublicId('req', after);
    return { data: (await this.receivers.requests(id, last)).map(toWire) };
  }

  private view({ id, status, delayMs, retryAfterSeconds }: TestReceiverEntity): ReceiverView {
    const shown = publicId('rcv', id);
    return { id: shown, url: receiverBase(this.settings) + shown, status, delayMs, retryAfterSeconds };
  }
}

function toWire({ id, method, path, headers, body, truncated }: TestRequestEntity): ReceivedView {
  return {
    id: publicId('req', id),
    at: new Date(uuidTime(id)).toISOString(),
    method,
    path,
    headers,
    body: body.toString(),
    bodyTruncated: truncated,
  };
}
