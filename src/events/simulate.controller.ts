import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { PublishedList, Simulation } from './event.dto.js';
import { toPublishedView } from './published-wire.js';
import { Simulator } from './simulate.js';

@ApiTags('Events')
@Controller('v1/spaces/:space/simulate')
export class SimulateController {
  constructor(private readonly simulator: Simulator) {}

  /** Publish simulated events, to test what receives them. They are real events to everybody who listens. */
  @Post()
  @SpaceScope('publish')
  @HttpCode(202)
  @ApiBody({ type: Simulation, required: false })
  async simulate(
    @CurrentSpace() space: SpaceRef,
    @Body() { type, count }: Simulation,
  ): Promise<PublishedList> {
    const events = await this.simulator.simulate(space, type, count);
    return { data: events.map(toPublishedView) };
  }
}
