import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import { AccessControl } from '../spaces/access-control.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { AttemptExport } from './attempt-export.js';
import { DeliveryExport } from './delivery-export.js';
import { EventExport } from './event-export.js';
import { DeliveryExportQuery, EventExportQuery } from './export.dto.js';
import type { ExportSource } from './export-source.js';
import { gzipped, takesGzip } from './export-stream.js';
import { ExportsService, type ExportName } from './exports.service.js';

const EXPORT = {
  description:
    'The rows. Every row has a `cursor`. A whole NDJSON export ends with the line ' +
    '`{"end":true,"count":<rows>,"next":<last cursor or null>}`; a CSV export is whole when the answer ends properly.',
  content: {
    'application/x-ndjson': { schema: { type: 'string' as const } },
    'text/csv': { schema: { type: 'string' as const } },
  },
};

const BUSY = '`too_many_requests`: the space, or the process, has as many exports under way as it may';

/** What a handler has of its request. */
interface Http {
  request: FastifyRequest;
  reply: FastifyReply;
}

@Controller('v1/spaces/:space/exports')
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly access: AccessControl,
    private readonly deliveries: DeliveryExport,
    private readonly attempts: AttemptExport,
    private readonly events: EventExport,
  ) {}

  /** Export deliveries, as a stream */
  @Get('deliveries')
  @SpaceScope('read')
  @ApiProblem(429, BUSY)
  @ApiOkResponse(EXPORT)
  async exportDeliveries(
    @CurrentSpace() space: SpaceRef,
    @Query() query: DeliveryExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const source = this.deliveries.source(space, this.exports.upToNow(query));
    await this.send('deliveries', space, query, source, { request, reply });
  }

  /** Export the attempts of deliveries, as a stream */
  @Get('attempts')
  @SpaceScope('read')
  @ApiProblem(429, BUSY)
  @ApiOkResponse(EXPORT)
  async exportAttempts(
    @CurrentSpace() space: SpaceRef,
    @Query() query: DeliveryExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const source = this.attempts.source(space, this.exports.upToNow(query));
    await this.send('attempts', space, query, source, { request, reply });
  }

  /** Export events, as a stream */
  @Get('events')
  @SpaceScope('read')
  @ApiProblem(429, BUSY)
  @ApiOkResponse(EXPORT)
  async exportEvents(
    @CurrentSpace() space: SpaceRef,
    @Query() query: EventExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const source = this.events.source(space, this.exports.upToNow(query));
    await this.send('events', space, query, source, { request, reply });
  }

  private async send(
    name: ExportName,
    space: SpaceRef,
    options: DeliveryExportQuery | EventExportQuery,
    source: ExportSource,
    { request, reply }: Http,
  ): Promise<void> {
    const access = request.admitted;
    const confirm = async () => {
      if (access) await this.access.authorize(request, access);
    };
    const { stream, contentType, fileName } = await this.exports.open({
      space,
      name,
      options,
      source,
      confirm,
    });
    const isGzip = takesGzip(request.headers['accept-encoding']);
    reply
      .type(contentType)
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .header('vary', 'accept-encoding');
    if (isGzip) reply.header('content-encoding', 'gzip');
    // Not awaited: that would wait for the end of the answer.
    void reply.send(isGzip ? gzipped(stream) : stream);
  }
}
