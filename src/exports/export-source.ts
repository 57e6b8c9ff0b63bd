import type { CsvValue } from '../lib/csv.js';

/** One row of an export. */
export interface ExportRow {
  /** Where it stands in its export: what `after` means, before it is sealed. */
  position: string;
  /** The row as JSON text: an object. */
  json: () => string;
  /** The same as fields, in the order of the source's columns. */
  fields: () => CsvValue[];
}

/** Rows in pages, each of which is one statement or a few: nothing is open in the database between two. */
export interface ExportSource {
  /** Of CSV. */
  columns: string[];
  pages: (after: string | null) => AsyncGenerator<ExportRow[]>;
}

/** Rows of a page, and of one with bodies: up to 256 KiB of event and 64 KiB of answer each. */
const PAGE = 1_000;
const PAGE_WITH_BODIES = 25;

export function pageSize(query: { include?: 'body' }): number {
  return query.include === 'body' ? PAGE_WITH_BODIES : PAGE;
}

/** The pages of a list by its key: `list` gives one row more than the page holds, if there are more. */
export async function* keysetPages<Row extends { id: string }>(
  size: number,
  after: string | null,
  list: (after: string | null) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let last = after; ;) {
    const rows = await list(last);
    const page = rows.slice(0, size);
    if (page.length > 0) yield page;
    if (rows.length <= size) return;
    last = page.at(-1)?.id ?? null;
  }
}
