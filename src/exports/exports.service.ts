import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { Clock } from '../lib/clock.js';
import { parseTime } from '../lib/iso-time.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryExportQuery, ExportOptions } from './export.dto.js';
import { csv, NDJSON, type LineFormat } from './export-lines.js';
import { ExportSlots } from './export-slots.js';
import type { ExportRow, ExportSource } from './export-source.js';
import { CHUNK, Stalled, streamOf } from './export-stream.js';

/** Looks whether the caller may still have it, this often, milliseconds. */
const CONFIRM_MS = 10_000;
/** Ids are made by processes whose clocks differ a little. */
const CLOCKS_MS = 1_000;

/** What is exported. */
export type ExportName = 'deliveries' | 'attempts' | 'events';

/** An export that has begun. */
export interface OpenExport {
  stream: Readable;
  contentType: string;
  fileName: string;
}

export interface ExportRequest {
  space: SpaceRef;
  name: ExportName;
  options: ExportOptions;
  source: ExportSource;
  /** Throws when the caller may not have more of it. */
  confirm: () => Promise<void>;
}

/** Streams exports. */
@Injectable()
export class ExportsService {
  private readonly logger = new Logger('exports');

  constructor(
    private readonly slots: ExportSlots,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /** Only what there is now, so that an export ends however fast more comes. */
  upToNow<Query extends Pick<DeliveryExportQuery, 'until'>>(query: Query): Query {
    const now = this.clock.now() + CLOCKS_MS;
    const until = Math.min(now, parseTime(query.until ?? '') ?? now);
    return { ...query, until: new Date(until).toISOString() };
  }

  /**
   * Reads the first page; an error until then is answered as one. Throws `Throttled`, and `BadRequest` for a cursor.
   */
  async open(request: ExportRequest): Promise<OpenExport> {
    const { space, name, options, source } = request;
    const context = `export:${name}:${space.id}`;
    const after = options.after === undefined ? null : this.cursors.decode(context, options.after);
    const release = this.slots.reserve(space.id);
    try {
      const format =
        options.format === 'ndjson'
          ? NDJSON
          : csv(source, { header: options.header === 'true', bom: options.bom === 'true' });
      const pages = source.pages(after);
      const first = await pages.next();
      const chunks = this.chunks(request, format, (row) => this.cursors.encode(context, row.position), {
        first,
        pages,
      });
      const stream = streamOf(chunks, (error) => {
        release();
        if (error) this.failed(request, error);
      });
      return { stream, contentType: format.contentType, fileName: this.fileName(request) };
    } catch (error) {
      release();
      throw error;
    }
  }

  private async *chunks(
    { options, confirm }: ExportRequest,
    format: LineFormat,
    cursorOf: (row: ExportRow) => string,
    { first, pages }: { first: IteratorResult<ExportRow[]>; pages: AsyncGenerator<ExportRow[]> },
  ): AsyncGenerator<string> {
    let chunk = format.head;
    let count = 0;
    let next = options.after ?? null;
    let confirmedAt = performance.now();
    for (let page = first; !page.done; page = await pages.next()) {
      if (performance.now() - confirmedAt > CONFIRM_MS) {
        await confirm();
        confirmedAt = performance.now();
      }
      for (const row of page.value) {
        next = cursorOf(row);
        count += 1;
        chunk += format.line(row, next);
        // Not a line at a time: each step of a generator costs more than a line.
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = '';
      }
    }
    chunk += format.end(count, next);
    if (chunk !== '') yield chunk;
  }

  private fileName({ space, name, options }: ExportRequest): string {
    const at = this.clock
      .date()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    return `${space.uid ?? publicId('spc', space.id)}-${name}-${at}.${options.format}`;
  }

  private failed({ space, name }: ExportRequest, error: Error): void {
    const fields = { msg: 'exports.cut', space: space.id, export: name, reason: error.message };
    if (error instanceof Stalled) this.logger.log(fields);
    else this.logger.warn(fields);
  }
}
