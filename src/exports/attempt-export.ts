import { Injectable } from '@nestjs/common';
import { BadRequest, NotFound } from '../core/errors.js';
import { isUuid } from '../core/ids.js';
import { DROPPED } from '../core/removed.js';
import {
  AttemptLogService,
  type AttemptPage,
  type FullAttemptRow,
  type PagedAttemptRow,
} from '../deliveries/attempt-log.service.js';
import { DeliveryLogService, type DeliveryRow } from '../deliveries/delivery-log.service.js';
import type { SentBody } from '../deliveries/delivery-wire.js';
import { ShownBodiesService } from '../deliveries/shown-bodies.service.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import {
  attemptFields,
  ATTEMPT_COLUMNS,
  BODY_COLUMNS,
  toAttemptRow,
  toWholeAttemptRow,
} from './attempt-row.js';
import { DeliveryExport } from './delivery-export.js';
import type { DeliveryExportQuery } from './export.dto.js';
import { pageSize, type ExportRow, type ExportSource } from './export-source.js';

/** Deliveries whose attempts are looked up together. */
const DELIVERIES = 500;

type Position = NonNullable<AttemptPage['after']>;

/** The attempts of a filter's deliveries; with bodies, all about them that the API shows. */
@Injectable()
export class AttemptExport {
  constructor(
    private readonly deliveries: DeliveryExport,
    private readonly log: DeliveryLogService,
    private readonly attempts: AttemptLogService,
    private readonly bodies: ShownBodiesService,
  ) {}

  source(space: SpaceRef, query: DeliveryExportQuery): ExportSource {
    const columns = query.include === 'body' ? [...ATTEMPT_COLUMNS, ...BODY_COLUMNS] : ATTEMPT_COLUMNS;
    return { columns, pages: (after) => this.pages(space, query, after) };
  }

  private async *pages(
    space: SpaceRef,
    query: DeliveryExportQuery,
    after: string | null,
  ): AsyncGenerator<ExportRow[]> {
    const position = after === null ? null : readPosition(after);
    // The rest of the delivery in which the export was cut, unless it has been deleted.
    if (position) {
      const begun = await this.log.read(space, position.deliveryId).catch(nullIfGone);
      if (begun) yield* this.pagesOf(space, query, [begun], position);
    }
    const rest = this.deliveries.pages(space, query, position?.deliveryId ?? null, DELIVERIES);
    for await (const deliveries of rest) yield* this.pagesOf(space, query, deliveries, null);
  }

  /** The attempts of these deliveries behind `from`. */
  private async *pagesOf(
    space: SpaceRef,
    query: DeliveryExportQuery,
    deliveries: DeliveryRow[],
    from: Position | null,
  ): AsyncGenerator<ExportRow[]> {
    const limit = pageSize(query);
    const byId = new Map(deliveries.map((row) => [row.id, row]));
    let deliveryIds = [...byId.keys()];
    for (let after = from; ;) {
      const which = { deliveryIds, after, order: query.order, limit };
      const rows =
        query.include === 'body'
          ? await this.wholeRows(space, which, byId)
          : (await this.attempts.page(which)).map((row) => [row, toRow(row, byId)] as const);
      if (rows.length > 0) yield rows.map(([, row]) => row);
      const last = rows.at(-1)?.[0];
      if (!last || rows.length < limit) return;
      after = { deliveryId: last.delivery_id, n: last.n };
      deliveryIds = deliveryIds.slice(deliveryIds.indexOf(last.delivery_id));
    }
  }

  private async wholeRows(
    space: SpaceRef,
    which: AttemptPage,
    byId: Map<string, DeliveryRow>,
  ): Promise<(readonly [PagedAttemptRow, ExportRow])[]> {
    const rows = await this.attempts.wholePage(which);
    const deliveries = new Set(rows.map((row) => byId.get(row.delivery_id) as DeliveryRow));
    const bodies = await this.bodies.of(space, [...deliveries]);
    return rows.map((row) => [
      row,
      toRow(row, byId, { row, sent: bodies.get(row.delivery_id) ?? { removed: DROPPED } }),
    ]);
  }
}

function toRow(
  row: PagedAttemptRow,
  byId: Map<string, DeliveryRow>,
  whole?: { row: FullAttemptRow; sent: SentBody },
): ExportRow {
  const delivery = byId.get(row.delivery_id) as DeliveryRow;
  const view = () => (whole ? toWholeAttemptRow(row, whole, delivery) : toAttemptRow(row, delivery));
  return {
    position: `${row.delivery_id}:${row.n}`,
    json: () => JSON.stringify(view()),
    fields: () => attemptFields(view()),
  };
}

/** Whatever else fails must end the export: it would look whole without these rows. */
function nullIfGone(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}

function readPosition(text: string): Position {
  const [deliveryId = '', n] = text.split(':');
  if (!isUuid(deliveryId) || n === undefined) {
    throw new BadRequest('invalid_cursor', 'This cursor is not one of an export of attempts.');
  }
  return { deliveryId, n: Number(n) };
}
