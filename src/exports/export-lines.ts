import { csvRecord } from '../lib/csv.js';
import type { ExportRow, ExportSource } from './export-source.js';

/** How an export is written. */
export interface LineFormat {
  contentType: string;
  /** What comes first. */
  head: string;
  /** A row with its cursor. */
  line: (row: ExportRow, cursor: string) => string;
  /** What comes last, by which a whole export is known. `next`: the last cursor, with which to go on later. */
  end: (count: number, next: string | null) => string;
}

export const NDJSON: LineFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  head: '',
  line: (row, cursor) => `${row.json().slice(0, -1)},"cursor":"${cursor}"}\n`,
  end: (count, next) => `${JSON.stringify({ end: true, count, next })}\n`,
};

/** Its end is that of the HTTP answer: a cut one is not ended properly. */
export function csv({ columns }: ExportSource, options: { header: boolean; bom: boolean }): LineFormat {
  const head = `${options.bom ? '\uFEFF' : ''}${options.header ? csvRecord([...columns, 'cursor']) : ''}`;
  return {
    contentType: `text/csv; charset=utf-8; header=${options.header ? 'present' : 'absent'}`,
    head,
    line: (row, cursor) => csvRecord([...row.fields(), cursor]),
    end: () => '',
  };
}
