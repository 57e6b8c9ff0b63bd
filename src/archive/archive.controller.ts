import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Origin } from '../audit/origin.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { AdminOnly } from '../spaces/access.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import { ArchiveView } from './archive.dto.js';
import { ArchiveStateService } from './archive-state.service.js';

@AdminOnly()
@Controller('v1/archive')
export class ArchiveController {
  constructor(private readonly archive: ArchiveStateService) {}

  /** Read the progress of the archive */
  @Get()
  read(): Promise<ArchiveView> {
    return this.archive.read();
  }

  /** Archive all days that are due now. It goes on after the answer, and days that failed are tried again at once. */
  @Post('run')
  @HttpCode(202)
  @ApiProblem(409, '`no_archive`: POSTHORN_ARCHIVE_URL is not set')
  run(@CurrentOrigin() by?: Origin): Promise<ArchiveView> {
    return this.archive.run(by);
  }
}
