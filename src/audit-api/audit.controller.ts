import { Controller, Get, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { EntryFilter, EntryRow } from '../audit/list-entries.js';
import { parsePublicId } from '../core/ids.js';
import { stringifyExactly } from '../lib/exact-number.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import type { TimeRangeQuery } from '../http/time-range.dto.js';
import { AdminOnly, CurrentCaller, CurrentSpace, SpaceScope, type Caller } from '../spaces/access.js';
import { isOperators } from '../spaces/caller-name.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { AuditLogService } from './audit-log.service.js';
import {
  AdminAuditExportQuery,
  AdminAuditQuery,
  AuditExportQuery,
  AuditList,
  AuditQuery,
  HistoryQuery,
} from './audit.dto.js';
import { CSV_TITLES, toAuditEntry, toCsvLine, toLine, withoutNotes } from './audit-wire.js';

const EXPORT = {
  description: 'A line for each entry.',
  content: {
    'application/x-ndjson': { schema: { type: 'string' as const } },
    'text/csv': { schema: { type: 'string' as const } },
  },
};

/** The audit log. No call changes it. */
@ApiTags('Audit')
@Controller('v1')
export class AuditController {
  constructor(
    private readonly log: AuditLogService,
    private readonly cursors: Cursors,
  ) {}

  /** List changes in all spaces, newest first: who changed what, when, from where, with before and after. */
  @Get('audit')
  @AdminOnly()
  listAll(
    @Query() query: AdminAuditQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditList> {
    return this.page('audit', filterOf(query), query, reply);
  }

  /** Export changes in all spaces. The answer is streamed; it ends early when something fails. */
  @Get('audit/export')
  @AdminOnly()
  @ApiOkResponse(EXPORT)
  exportAll(@Query() query: AdminAuditExportQuery): StreamableFile {
    return this.stream(filterOf(query), query);
  }

  /** List changes in the space, newest first: who changed what, when, from where, with before and after. */
  @Get('spaces/:space/audit')
  @SpaceScope('manage', { portal: false })
  list(
    @CurrentSpace() { id }: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Query() query: AuditQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditList> {
    return this.page(`audit:${id}`, { ...filterOf(query), spaceId: id }, query, reply, rowsFor(caller));
  }

  /** Export changes in the space. The answer is streamed; it ends early when something fails. */
  @Get('spaces/:space/audit/export')
  @SpaceScope('manage', { portal: false })
  @ApiOkResponse(EXPORT)
  export(
    @CurrentSpace() { id }: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Query() query: AuditExportQuery,
  ): StreamableFile {
    return this.stream({ ...filterOf(query), spaceId: id }, query, rowsFor(caller));
  }

  /** List the changes of one subscription, newest first; also of a deleted one, by its id. */
  @ApiTags('Subscriptions')
  @Get('spaces/:space/subscriptions/:sub/history')
  @SpaceScope('manage', { portal: false })
  async history(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Query() query: HistoryQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditList> {
    const targetId = await this.log.subscriptionNamed(space, sub);
    return this.page(`audit:${space.id}:${targetId}`, { spaceId: space.id, targetId }, query, reply);
  }

  private async page(
    context: string,
    filter: EntryFilter,
    query: TimeRangeQuery,
    reply: FastifyReply,
    shown: Shown = whole,
  ): Promise<AuditList> {
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.log.list(filter, query, after);
    // Last, for a problem has a serializer of its own.
    reply.type('application/json; charset=utf-8').serializer(stringifyExactly);
    return page(rows, query, this.cursors, context, (row) => toAuditEntry(shown(row)));
  }

  private stream(filter: EntryFilter, query: AuditExportQuery, shown: Shown = whole): StreamableFile {
    const isCsv = query.format === 'csv';
    const pages = this.log.all(filter, query);
    const toText = (row: EntryRow) => (isCsv ? toCsvLine : toLine)(shown(row));
    return new StreamableFile(Readable.from(lines(pages, toText, isCsv ? CSV_TITLES : '')), {
      type: isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      disposition: `attachment; filename="audit.${query.format}"`,
    });
  }
}

/** What of an entry its reader sees. */
type Shown = (row: EntryRow) => EntryRow;
const whole: Shown = (row) => row;

function rowsFor(caller: Caller): Shown {
  return isOperators(caller) ? whole : withoutNotes;
}

type Asked = Pick<AdminAuditQuery, 'actor' | 'action' | 'targetType' | 'target' | 'space'>;

function filterOf({ actor, action, targetType, target, space }: Asked): EntryFilter {
  return { actor, action, targetType, target, spaceId: space && (parsePublicId('spc', space) ?? undefined) };
}

async function* lines(
  pages: AsyncGenerator<EntryRow[]>,
  toText: (row: EntryRow) => string,
  titles: string,
): AsyncGenerator<string> {
  if (titles !== '') yield titles;
  for await (const rows of pages) yield rows.map(toText).join('');
}
