import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { idsOf, makeOpenPart, openOf, wholeOf } from './day-parts.js';
import { LEASED_IN_PROCESS, WAITING } from '../deliveries/open-deliveries.js';
import { writableColumns } from '../database/partitions.js';
import type { Sql } from '../database/sql.js';

/** Rows in one statement, whose deliveries nobody else can change meanwhile; the pause leaves the disk to others. */
const SLICE = 1_000;
const PAUSE_MS = 10;
/** What somebody is just changing is looked for again: so often, and after so long, milliseconds. */
const MAX_ROUNDS = 50;
const ROUND_PAUSE_MS = 100;

/** What open deliveries are found by, each in the order of its index. */
const INDEX_SCANS: { where: string; order: [column: string, type: string][] }[] = [
  {
    where: WAITING,
    order: [
      ['subscription_id', 'uuid'],
      ['next_attempt_at', 'timestamptz'],
      ['id', 'uuid'],
    ],
  },
  {
    where: `trouble = 'held'`,
    order: [
      ['subscription_id', 'uuid'],
      ['id', 'uuid'],
    ],
  },
  { where: LEASED_IN_PROCESS, order: [['id', 'uuid']] },
];

/** Whether one of the ids from `$1` to `$2` is open. */
export const HAS_OPEN = {
  name: 'retention_has_open',
  text: `SELECT ${INDEX_SCANS.map(
    ({ where }) =>
      `EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1::uuid AND id < $2::uuid AND ${where})`,
  ).join(' OR ')} AS open`,
};

const unnamed = (text: string) => ({ name: '', text });

/**
 * Open deliveries from the id `since` on that carry an event of the day. Planned for its values: they are few, by their
 * index.
 */
const carrying = (day: string, since: string) => {
  const [from, to] = idsOf(day);
  return `posthorn.deliveries WHERE event_id >= '${from}' AND event_id < '${to}' AND id >= '${since}'
    AND status IN ('pending', 'held')`;
};

/** Whether there is one, of another day. */
export async function isCarried(sql: Sql, day: string): Promise<boolean> {
  const [row] = await sql<{ open: boolean }>(
    unnamed(`SELECT EXISTS (SELECT FROM ${carrying(day, idsOf(day)[1])}) AS open`),
  );
  return row?.open ?? true;
}

/** Whether there is one from `since` on whose event is not among the copies, if there are any. */
export async function lacksEvents(sql: Sql, day: string, since: string, isCopied: boolean): Promise<boolean> {
  const copied = isCopied
    ? `AND NOT EXISTS (SELECT FROM posthorn.${openOf('events', day)} o WHERE o.id = event_id)`
    : '';
  const [row] = await sql<{ open: boolean }>(
    unnamed(`SELECT EXISTS (SELECT FROM ${carrying(day, since)} ${copied}) AS open`),
  );
  return row?.open ?? true;
}

/**
 * Copies the day's open deliveries into a table of their own, while others change them. Gives whether all are there;
 * then they stay so, since each change is made to both. How it comes to that:
 *
 * - The trigger was made while nobody wrote to the day. What is changed after that is in the copy by whoever changes
 *   it.
 * - The rest is copied in slices. A slice locks its rows, and leaves alone what somebody else has locked: it waits for
 *   nobody.
 * - When a look finds no open row that the copy lacks, there will be none.
 */
export async function copyOpenDeliveries(database: Database, day: string): Promise<boolean> {
  await makeOpenPart(database, 'deliveries', day);
  const { sql } = database;
  const columns = await writableColumns(sql, 'posthorn.deliveries');
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const scan of INDEX_SCANS) await copyByIndex(sql, day, columns, scan);
    if (!(await lacksOpen(sql, day))) return true;
    await sleep(ROUND_PAUSE_MS);
  }
  return false;
}

async function copyByIndex(
  sql: Sql,
  day: string,
  columns: string,
  { where, order }: (typeof INDEX_SCANS)[number],
): Promise<void> {
  const keys = order.map(([column]) => column).join(', ');
  const after = order.map(([, type], index) => `$${index + 1}::${type}`).join(', ');
  const copy = (isFirst: boolean) =>
    unnamed(`
      WITH slice AS MATERIALIZED (
        SELECT ${columns} FROM posthorn.${wholeOf('deliveries', day)}
        WHERE ${where} ${isFirst ? '' : `AND (${keys}) > (${after})`}
        ORDER BY ${keys} LIMIT ${SLICE} FOR NO KEY UPDATE SKIP LOCKED
      ), copied AS (
        INSERT INTO posthorn.${openOf('deliveries', day)} (${columns}) SELECT ${columns} FROM slice
        ON CONFLICT DO NOTHING
      )
      SELECT ARRAY[${order.map(([column]) => `${column}::text`).join(', ')}] AS last
      FROM slice ORDER BY ${order.map(([column]) => `${column} DESC`).join(', ')} LIMIT 1`);
  let last: string[] | undefined;
  do {
    const [row] = await sql<{ last: string[] }>(copy(last === undefined), last);
    last = row?.last;
    await sleep(PAUSE_MS);
  } while (last !== undefined);
}

async function lacksOpen(sql: Sql, day: string): Promise<boolean> {
  const conditions = INDEX_SCANS.map(
    ({ where }) => `EXISTS (SELECT FROM posthorn.${wholeOf('deliveries', day)} d
      WHERE ${where} AND NOT EXISTS (SELECT FROM posthorn.${openOf('deliveries', day)} o WHERE o.id = d.id))`,
  );
  const [row] = await sql<{ lacks: boolean }>(unnamed(`SELECT ${conditions.join(' OR ')} AS lacks`));
  return row?.lacks ?? true;
}

/** What is just being deleted with its space is left alone; what is deleted later is taken from the copy, too. */
const UNLESS_DELETED = 'FOR KEY SHARE SKIP LOCKED';

/** Copies the attempts of what was copied. The trigger sees to those that are still to be made. */
export async function copyAttempts(database: Database, day: string): Promise<void> {
  await makeOpenPart(database, 'attempts', day);
  const { sql } = database;
  const columns = await writableColumns(sql, 'posthorn.attempts');
  await bySlices(
    sql,
    day,
    `INSERT INTO posthorn.${openOf('attempts', day)} (${columns})
     SELECT ${columns} FROM posthorn.${wholeOf('attempts', day)} WHERE delivery_id IN (SELECT id FROM slice)
     ${UNLESS_DELETED} ON CONFLICT DO NOTHING`,
  );
}

/** Copies the events that open deliveries carry, those of this day and others. */
export async function copyEvents(database: Database, day: string, isReduced: boolean): Promise<void> {
  await makeOpenPart(database, 'events', day);
  const { sql } = database;
  const columns = await writableColumns(sql, 'posthorn.events');
  const [whole, open] = [`posthorn.${wholeOf('events', day)}`, `posthorn.${openOf('events', day)}`];
  const copy = (ids: string) =>
    `INSERT INTO ${open} (${columns}) SELECT ${columns} FROM ${whole} WHERE id IN (${ids}) ${UNLESS_DELETED}
     ON CONFLICT DO NOTHING`;
  if (isReduced) await bySlices(sql, day, copy('SELECT event_id FROM slice'));
  const others = `SELECT DISTINCT event_id FROM ${carrying(day, idsOf(day)[1])}
      AND EXISTS (SELECT FROM ${whole} w WHERE w.id = event_id) AND NOT EXISTS (SELECT FROM ${open} o
        WHERE o.id = event_id)
    LIMIT ${SLICE}`;
  for (;;) {
    const copied = await sql(unnamed(`${copy(others)} RETURNING 1`));
    if (copied.length === 0) break;
  }
}

/** Runs a statement for each slice of the deliveries that were copied; it finds them in `slice`. */
async function bySlices(sql: Sql, day: string, work: string): Promise<void> {
  let last: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (last !== undefined) {
    const [row]: { last: string }[] = await sql<{ last: string }>(
      unnamed(`
        WITH slice AS MATERIALIZED (
          SELECT id, event_id FROM posthorn.${openOf('deliveries', day)} WHERE id > $1 ORDER BY id LIMIT ${SLICE}
        ), work AS (${work})
        SELECT id AS last FROM slice ORDER BY id DESC LIMIT 1`),
      [last],
    );
    last = row?.last;
    await sleep(PAUSE_MS);
  }
}
