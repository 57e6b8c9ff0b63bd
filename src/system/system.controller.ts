import { Controller, Get, Header } from '@nestjs/common';
import { AdminOnly } from '../spaces/access.js';
import { SystemState } from './system.dto.js';
import { SystemStateService } from './system-state.service.js';

@Controller('v1/system')
export class SystemController {
  constructor(private readonly state: SystemStateService) {}

  /**
   * Read the state of all processes, the queue, the database and what waits. 200 also while the queue or the database
   * is away: what is unknown then is null, and `warnings` says so.
   */
  @Get()
  @AdminOnly()
  @Header('cache-control', 'no-store')
  read(): Promise<SystemState> {
    return this.state.read();
  }
}
