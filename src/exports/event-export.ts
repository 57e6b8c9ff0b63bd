import { Injectable } from '@nestjs/common';
import { EventLogService, type EventRow } from '../events/event-log.service.js';
import { toEventSummary } from '../events/event-wire.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { EventExportQuery } from './export.dto.js';
import { keysetPages, pageSize, type ExportRow, type ExportSource } from './export-source.js';

const COLUMNS = [
  ...[
    'id',
    'uid',
    'type',
    'occurredAt',
    'createdAt',
    'expiresAt',
    'clientId',
    'campaignId',
    'leadId',
    'tags',
    'version',
  ],
];

/** Events as the list shows them; with bodies, also their data. */
@Injectable()
export class EventExport {
  constructor(private readonly events: EventLogService) {}

  source(space: SpaceRef, query: EventExportQuery): ExportSource {
    const withData = query.include === 'body';
    const size = pageSize(query);
    const list = (after: string | null) =>
      this.events.list(space, { ...query, limit: size }, after, withData);
    return {
      columns: withData ? [...COLUMNS, 'data'] : COLUMNS,
      pages: async function* (after: string | null) {
        for await (const rows of keysetPages(size, after, list)) yield rows.map(toRow);
      },
    };
  }
}

function toRow(row: EventRow): ExportRow {
  const { data } = row;
  return {
    position: row.id,
    json: () => {
      const text = JSON.stringify(toEventSummary(row));
      // As it was published. A line end in JSON text is always white space.
      return data === undefined ? text : `${text.slice(0, -1)},"data":${data.replaceAll(/[\r\n]+/g, ' ')}}`;
    },
    fields: () => {
      const {
        id,
        uid,
        type,
        occurredAt,
        createdAt,
        expiresAt = null,
        scope,
        tags,
        version,
      } = toEventSummary(row);
      const place = [scope.clientId, scope.campaignId, scope.leadId].map((part) => part ?? null);
      const fields = [
        id,
        uid,
        type,
        occurredAt,
        createdAt,
        expiresAt,
        ...place,
        JSON.stringify(tags),
        version,
      ];
      return data === undefined ? fields : [...fields, row.removed === null ? data : null];
    },
  };
}
