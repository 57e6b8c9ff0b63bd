import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from '../spaces/access.js';
import { callerName } from '../spaces/caller-name.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { ErasureInput, ErasureList, ErasureQuery, ErasureView } from './erasure.dto.js';
import type { ErasureEntity } from './erasure.entity.js';
import { ErasuresService } from './erasures.service.js';

@Controller('v1/spaces/:space/erasures')
export class ErasuresController {
  constructor(
    private readonly erasures: ErasuresService,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Erase what events carried: their data, and the bodies and headers of their deliveries. A job does it.
   *
   * Deliveries that are pending or held are cancelled. Nothing of it is sent again. It cannot be undone.
   */
  @Post()
  @SpaceScope('manage', { portal: false })
  @HttpCode(202)
  @ApiProblem(
    409,
    '`legal_hold`: a hold keeps some of it; `too_many_jobs`: the space has `limits.openJobs` jobs under way',
  )
  async start(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() input: ErasureInput,
  ): Promise<ErasureView> {
    return toView(await this.erasures.start(space, input, callerName(caller)));
  }

  /** List erasures, also those whose job is gone */
  @Get()
  @SpaceScope('read', { portal: false })
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ErasureQuery): Promise<ErasureList> {
    const context = `erasures:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const shape = { after, order: query.order, limit: query.limit + 1 };
    return page(
      await this.erasures.list(space, query.subjectId, shape),
      query,
      this.cursors,
      context,
      toView,
    );
  }

  /** Read the record of an erasure: what it removed, and what the verification found */
  @Get(':erasure')
  @SpaceScope('read', { portal: false })
  async get(@CurrentSpace() space: SpaceRef, @Param('erasure') ref: string): Promise<ErasureView> {
    return toView(await this.erasures.find(space, ref));
  }

  /** Stop an erasure. What it has erased stays erased. */
  @Post(':erasure/cancel')
  @SpaceScope('manage', { portal: false })
  @HttpCode(200)
  @ApiProblem(409, '`job_finished`: there is nothing to stop')
  async cancel(@CurrentSpace() space: SpaceRef, @Param('erasure') ref: string): Promise<ErasureView> {
    return toView(await this.erasures.cancel(space, ref));
  }
}

function toView({ id, createdAt, finishedAt, verification, ...record }: ErasureEntity): ErasureView {
  const { status, mode, dryRun, requestedBy, criteria, counts, stopped } = record;
  return {
    ...{ id: publicId('job', id), status, mode, dryRun, requestedBy, criteria, counts, stopped },
    verification: verification && {
      ...verification,
      complete: Object.values(verification.remaining).every((left) => left === 0),
    },
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
