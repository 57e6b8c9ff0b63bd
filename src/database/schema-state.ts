import { MigrationExecutor, type DataSource } from 'typeorm';
import { StartupError } from '../config/startup-error.js';
import { version } from '../config/version.js';
import { SCHEMA } from './schema.js';

/** The oldest release whose processes work on this release's schema: the one before. See RELEASING.md. */
const WORKS_FROM = '0.1.0';

type Migration = Awaited<ReturnType<MigrationExecutor['getPendingMigrations']>>[number];

/** A migration that the database has had and this release does not have. */
interface UnknownMigration {
  name: string;
  release: string | null;
  /** The oldest release that works on the schema it left. */
  worksFrom: string | null;
}

/** How a database's schema stands to this release. */
export interface SchemaState {
  /** What it has not had yet, in order. */
  missing: Migration[];
  /** What it has had from a newer release, in order. */
  unknown: UnknownMigration[];
}

const IS_THERE = `SELECT to_regclass('${SCHEMA}.migrations') IS NOT NULL AS there`;
// As JSON, since older releases have no such columns.
const UNKNOWN = `
  SELECT name, to_jsonb(m)->>'release' AS release, to_jsonb(m)->>'works_from' AS "worksFrom"
  FROM ${SCHEMA}.migrations m WHERE name <> ALL ($1) ORDER BY timestamp, name`;
const NOTE = `UPDATE ${SCHEMA}.migrations SET release = $1, works_from = $2 WHERE name = $3`;
const CAN_NOTE = `SELECT EXISTS (SELECT FROM pg_attribute
  WHERE attrelid = to_regclass('${SCHEMA}.migrations') AND attname = 'works_from' AND NOT attisdropped) AS can`;

export async function schemaState(source: DataSource): Promise<SchemaState> {
  const missing = await new MigrationExecutor(source).getPendingMigrations();
  const [row] = await source.query<{ there: boolean }[]>(IS_THERE);
  const known = source.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const unknown = row?.there ? await source.query<UnknownMigration[]>(UNKNOWN, [known]) : [];
  return { missing, unknown };
}

/** Throws `StartupError` when this release does not work on the schema. */
export function checkNotNewer({ unknown }: SchemaState, own = version): void {
  const blocking = unknown.find(({ worksFrom }) => worksFrom === null || isBefore(own, worksFrom));
  if (!blocking) return;
  const { name, release, worksFrom } = blocking;
  const origin = release === null ? '' : ` of Posthorn ${release}`;
  const needed = worksFrom === null ? 'the release that made it' : `Posthorn ${worksFrom}`;
  throw new StartupError(
    `The database's schema is newer than this release, ${own}: it has had the migration ` +
      `${name}${origin}. Start ${needed} or a newer one. To stay with ${own}, restore the backup from ` +
      'before the upgrade.',
  );
}

/** Writes down with a migration which release made it, and which work on it. */
export async function noteRelease(
  query: (text: string, values?: unknown[]) => Promise<unknown>,
  name: string,
): Promise<void> {
  const [row] = (await query(CAN_NOTE)) as { can: boolean }[];
  if (row?.can) await query(NOTE, [version, WORKS_FROM, name]);
}

/** By their three numbers. */
function isBefore(a: string, b: string): boolean {
  const [left, right] = [a, b].map((it) => it.split('-')[0]?.split('.').map(Number) ?? []);
  for (let n = 0; n < 3; n += 1) {
    const difference = (left?.[n] ?? 0) - (right?.[n] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
