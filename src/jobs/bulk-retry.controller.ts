import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Invalid } from '../core/errors.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { BulkRetryService } from './bulk-retry.service.js';
import { BulkRetryInput, JobView, RetryCount } from './job.dto.js';
import { toJobView } from './jobs.controller.js';

@ApiTags('Deliveries')
@Controller('v1/spaces/:space/deliveries')
export class BulkRetryController {
  constructor(private readonly bulk: BulkRetryService) {}

  /**
   * Retry every delivery that a filter finds. Each gets one attempt, also one that succeeded, where the filter finds
   * it; those of a paused endpoint are held until it is resumed.
   */
  @Post('retry')
  @SpaceScope('manage', { right: 'retry' })
  @ApiResponse({ status: 202, type: JobView, description: 'A job that retries them.' })
  @ApiOkResponse({ type: RetryCount, description: 'With `dryRun`: how many there are.' })
  @ApiProblem(409, '`too_many_jobs`: the space has `limits.openJobs` jobs under way')
  async retry(
    @CurrentSpace() space: SpaceRef,
    @Body() { dryRun, perSecond, delaySeconds, ...filter }: BulkRetryInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView | RetryCount> {
    if (Object.keys(filter).length === 0) {
      const message = 'Give at least one condition: subscription, event, type, status, since or until.';
      throw new Invalid([{ path: 'status', code: 'no_condition', message }]);
    }
    reply.status(dryRun ? HttpStatus.OK : HttpStatus.ACCEPTED);
    if (dryRun) return this.bulk.count(space, filter);
    return toJobView(await this.bulk.start(space, { ...filter, perSecond, delaySeconds }));
  }
}
