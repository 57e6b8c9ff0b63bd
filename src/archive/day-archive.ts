import { publicId } from '../core/ids.js';
import type { Database } from '../database/database.js';
import { addPart, beginPass, endPass, archivedPartsOf, startPassOver } from './archive-log.js';
import { sha256, type ArchiveBucket } from './archive-bucket.js';
import type { ArchivedPartEntity } from './archived-part.entity.js';
import { dayLines, type DayLines, type PassPosition } from './day-rows.js';
import { PartWriter } from './part-writer.js';

/** What was committed while a pass began may bear a time a little before it. */
const MARGIN_MS = 120_000;

const TYPE = 'application/x-ndjson+gzip';

/** What a pass needs. */
export interface PassTools {
  database: Database;
  bucket: ArchiveBucket;
  /** Throws when this process should stop, or another one has taken over. */
  confirm: () => Promise<void>;
}

/** What a complete pass wrote. */
export interface PassResult {
  pass: number;
  parts: number;
  rows: number;
  bytes: number;
}

/**
 * Writes a day to the archive, and checks what is there: the first time all of it, later what changed since. It goes on
 * where an earlier process was cut.
 */
export async function archiveDay(tools: PassTools, day: string, now: Date): Promise<PassResult> {
  const { sql } = tools.database;
  const begun = await beginPass(sql, day, now);
  const pass = begun.passes;
  const since = begun.coveredUntil && new Date(begun.coveredUntil.getTime() - MARGIN_MS);
  await writeParts(tools, { day, since }, pass, begun.position);
  const parts = await archivedPartsOf(sql, day, pass);
  await verify(tools, day, pass, parts);
  // A later pass that found nothing leaves nothing.
  if (pass === 0 || parts.length > 0) await writeManifest(tools, day, pass, parts);
  await endPass(sql, day);
  const sum = (field: 'rows' | 'bytes') => parts.reduce((total, part) => total + part[field], 0);
  return { pass, parts: parts.length, rows: sum('rows'), bytes: sum('bytes') };
}

async function writeParts(
  tools: PassTools,
  which: { day: string; since: Date | null },
  pass: number,
  start: PassPosition | null,
): Promise<void> {
  const { sql } = tools.database;
  let part = (await archivedPartsOf(sql, which.day, pass)).length;
  let open: { writer: PartWriter; position: PassPosition } | null = null;
  const close = async () => {
    if (!open) return;
    const { writer, position } = open;
    open = null;
    part += 1;
    await writePart(tools, { day: which.day, pass, part }, writer, position);
  };
  for await (const page of dayLines(tools.database, which, start)) {
    await tools.confirm();
    if (open && !isSameObject(open.position, page)) await close();
    open ??= { writer: new PartWriter(), position: page.position };
    await open.writer.write(page.lines);
    open.position = page.position;
    if (open.writer.isFull) await close();
  }
  await close();
}

function isSameObject(position: PassPosition, page: DayLines): boolean {
  return position.space === page.position.space && position.kind === page.position.kind;
}

async function writePart(
  { database, bucket, confirm }: PassTools,
  id: Pick<ArchivedPartEntity, 'day' | 'pass' | 'part'>,
  writer: PartWriter,
  position: PassPosition,
): Promise<void> {
  const content = await writer.end();
  const { space: spaceId, kind } = position;
  const late = id.pass === 0 ? '' : `late-${id.pass}-`;
  const name = `${kind}-${late}${String(id.part).padStart(6, '0')}.ndjson.gz`;
  const key = `${bucket.prefix}${id.day}/${publicId('spc', spaceId)}/${name}`;
  await bucket.put(key, content, TYPE);
  await confirm();
  const facts = { rows: writer.rows, bytes: content.length, sha256: sha256(content) };
  await addPart(database.sql, { ...id, spaceId, kind, key, ...facts }, position);
}

/** Reads everything back. */
async function verify(
  { database, bucket, confirm }: PassTools,
  day: string,
  pass: number,
  parts: ArchivedPartEntity[],
): Promise<void> {
  for (const part of parts) {
    await confirm();
    if ((await bucket.hashOf(part.key)) === part.sha256) continue;
    await startPassOver(database.sql, day, pass);
    throw new Error(`${part.key} is not what was written. The pass begins anew.`);
  }
}

async function writeManifest(
  { bucket }: PassTools,
  day: string,
  pass: number,
  parts: ArchivedPartEntity[],
): Promise<void> {
  const rows = { events: 0, deliveries: 0, attempts: 0 };
  for (const part of parts) rows[part.kind] += part.rows;
  const objects = parts.map(({ key, spaceId, kind, rows: count, bytes, sha256: hash }) => ({
    ...{ key, space: publicId('spc', spaceId), kind, rows: count, bytes, sha256: hash },
  }));
  const content = Buffer.from(`${JSON.stringify({ version: 1, day, pass, rows, objects }, null, 1)}\n`);
  const key = `${bucket.prefix}${day}/manifest${pass === 0 ? '' : `-late-${pass}`}.json`;
  await bucket.put(key, content, 'application/json');
  if ((await bucket.hashOf(key)) !== sha256(content)) throw new Error(`${key} is not what was written.`);
}
