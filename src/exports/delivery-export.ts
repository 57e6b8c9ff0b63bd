import { Injectable } from '@nestjs/common';
import type { DeliveryView } from '../deliveries/delivery.dto.js';
import { DeliveryLogService, type DeliveryRow } from '../deliveries/delivery-log.service.js';
import { toDeliveryView, type SentBody } from '../deliveries/delivery-wire.js';
import { ShownBodiesService } from '../deliveries/shown-bodies.service.js';
import type { CsvValue } from '../lib/csv.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryExportQuery } from './export.dto.js';
import { keysetPages, pageSize, type ExportRow, type ExportSource } from './export-source.js';

const COLUMNS: (keyof DeliveryView)[] = [
  ...(['id', 'eventId', 'eventType', 'subscriptionId', 'status', 'trigger'] as const),
  ...(['attemptCount', 'maxAttempts', 'nextAttemptAt', 'lastStatusCode', 'lastError'] as const),
  ...(['createdAt', 'finishedAt'] as const),
];

/** Deliveries as the list shows them; with bodies, also what their endpoints get. */
@Injectable()
export class DeliveryExport {
  constructor(
    private readonly deliveries: DeliveryLogService,
    private readonly bodies: ShownBodiesService,
  ) {}

  source(space: SpaceRef, query: DeliveryExportQuery): ExportSource {
    const withBody = query.include === 'body';
    return {
      columns: withBody ? [...COLUMNS, 'body'] : COLUMNS,
      pages: async function* (this: DeliveryExport, after: string | null) {
        for await (const rows of this.pages(space, query, after)) {
          const bodies = withBody ? await this.bodies.of(space, rows) : undefined;
          yield rows.map((row) => toRow(row, bodies && textOf(bodies.get(row.id))));
        }
      }.bind(this),
    };
  }

  /** The deliveries of a filter, in pages of `size`. */
  pages(
    space: SpaceRef,
    query: DeliveryExportQuery,
    after: string | null,
    size = pageSize(query),
  ): AsyncGenerator<DeliveryRow[]> {
    return keysetPages(size, after, (last) => this.deliveries.list(space, { ...query, limit: size }, last));
  }
}

/** Null when it was removed. */
function textOf(sent: SentBody | undefined): string | null {
  return sent && 'text' in sent ? sent.text : null;
}

/** `body`: undefined without bodies, null when the event is gone. */
function toRow(row: DeliveryRow, body: string | null | undefined): ExportRow {
  return {
    position: row.id,
    json: () => JSON.stringify({ ...toDeliveryView(row), ...(body !== undefined && { body }) }),
    fields: () => {
      const view = toDeliveryView(row);
      const fields: CsvValue[] = COLUMNS.map((column) => view[column] ?? null);
      return body === undefined ? fields : [...fields, body];
    },
  };
}
