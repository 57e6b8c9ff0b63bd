import type { ArchiverService } from '../archive/archiver.service.js';
import { uuidFloor } from '../core/ids.js';
import {
  dropDetached,
  expiredDays,
  dropOpenPart,
  idsOf,
  isAttached,
  openOf,
  detachPart,
  detachOpenPart,
  wholeOf,
  type DayParts,
} from './day-parts.js';
import type { Database } from '../database/database.js';
import { isLockError } from '../database/lock-retry.js';
import {
  copyAttempts,
  copyEvents,
  copyOpenDeliveries,
  HAS_OPEN,
  isCarried,
  lacksEvents,
} from './move-open-rows.js';
import { DAY_MS } from '../database/partitions.js';
import type { Sql } from '../database/sql.js';
import { Failures } from '../lib/failures.js';
import { shareHolds } from '../event-store/legal-holds.js';
import { deleteDefaultRows } from './default-rows.js';
import { deleteUnheld, isDayHeld } from './held-days.js';

/** A delivery made while open ones were looked for may carry an old event, and its id be a little older than it is. */
const MARGIN_MS = 60_000;

const REST_CARRIED = (table: string) => ({
  name: '',
  text: `SELECT EXISTS (SELECT FROM posthorn.${table} e JOIN posthorn.deliveries d ON d.event_id = e.id
    WHERE d.status IN ('pending', 'held')) AS open`,
});

/**
 * Drops the events, deliveries and attempts of whole days that ended more than `days` days ago. What is pending or held
 * is moved into a small table of its own before, with its event and its attempts: retention never loses what was
 * promised. That one goes when everything in it is finished. A day with something on legal hold stays, with nothing
 * else in it. Rows of a day that has no partition are deleted. Gives the days that were dropped. A day that cannot be
 * keeps no other one: `failures` has the reason, and it is thrown at the end where nobody gives that.
 */
export async function dropExpiredDays(
  database: Database,
  now: number,
  days: number,
  archive?: ArchiverService,
  failures?: Failures,
): Promise<string[]> {
  const until = now - days * DAY_MS;
  const failed = failures ?? new Failures();
  for (const day of await expiredDays(database.sql, until)) {
    try {
      await endDay(database, day, now, archive);
    } catch (error) {
      failed.add(error);
      // Who reads one day for long, such as a dump, reads all of them.
      if (isLockError(error)) break;
    }
  }
  // Also what an earlier run took out and did not get to drop.
  const dropped: string[] = [];
  for (const day of await expiredDays(database.sql, until))
    if (await failed.keep(() => dropDetached(database.sql, day), false)) dropped.push(day.day);
  const mayDrop = (day: string) => isArchivedDay(archive, day);
  dropped.push(...(await failed.keep(() => deleteDefaultRows(database, until, mayDrop), [])));
  if (!failures) failed.throwAny();
  return dropped;
}

async function endDay(
  database: Database,
  day: DayParts,
  now: number,
  archive: ArchiverService | undefined,
): Promise<void> {
  if (!(await isDayHeld(database.sql, day.day))) await detachDay(database, day, now, archive);
  else if (await isArchivedDay(archive, day.day)) await deleteUnheld(database, day.day);
}

/** Deliveries first, since they say which attempts and events are needed. What does not succeed now does in an hour. */
async function detachDay(
  database: Database,
  { day, parts }: DayParts,
  now: number,
  archive: ArchiverService | undefined,
): Promise<void> {
  const isArchived = () => isArchivedDay(archive, day);
  if (parts.get(openOf('deliveries', day)) === true) await detachOpenDeliveries(database, day, isArchived);
  if (parts.get(wholeOf('deliveries', day)) === true) {
    // With an archive the copy is made in any case: what changes after the archive has looked is then in the copy.
    const isOpen = archive?.isOn === true || (await hasOpen(database.sql, day));
    if (isOpen && !(await copyOpenDeliveries(database, day))) return;
    if (!(await isArchived())) return;
    // With the copy nothing can be missing; without one, something may just have become open again.
    const isReady = async (sql: Sql) => (isOpen || !(await hasOpen(sql, day))) && (await isFree(sql, day));
    if (!(await detachOrDropCopy(database, 'deliveries', day, isReady))) return;
  }
  const isReduced = await isAttached(database.sql, openOf('deliveries', day));
  if (parts.get(wholeOf('attempts', day)) === true) {
    if (isReduced) await copyAttempts(database, day);
    if (!(await detachOrDropCopy(database, 'attempts', day, always))) return;
  } else if (!isReduced && parts.get(openOf('attempts', day)) === true)
    await detachOpenPart(database, 'attempts', day, always);
  if (parts.get(openOf('events', day)) === true) await detachOpenEvents(database, day);
  if (parts.get(wholeOf('events', day)) === true) await detachEvents(database, day, now, isReduced);
}

async function detachEvents(database: Database, day: string, now: number, isReduced: boolean): Promise<void> {
  const isCopied = isReduced || (await isCarried(database.sql, day));
  if (isCopied) await copyEvents(database, day, isReduced);
  const isReady = async (sql: Sql) =>
    !(await lacksEvents(sql, day, uuidFloor(now - MARGIN_MS), isCopied)) && (await isFree(sql, day));
  await detachOrDropCopy(database, 'events', day, isReady);
}

/** As `takeOut`. A copy that no longer fits, because a migration came in between, is made anew by the next run. */
async function detachOrDropCopy(
  database: Database,
  table: 'events' | 'deliveries' | 'attempts',
  day: string,
  isReady: (sql: Sql) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await detachPart(database, table, day, isReady);
  } catch (error) {
    if (!isLockError(error)) await dropOpenPart(database, table, day);
    throw error;
  }
}

/** What was left of a day goes when nothing in it is open any more. */
async function detachOpenDeliveries(
  database: Database,
  day: string,
  isArchived: () => Promise<boolean>,
): Promise<void> {
  const isReady = async (sql: Sql) => !(await hasOpen(sql, day)) && (await isFree(sql, day));
  if (!(await isReady(database.sql)) || !(await isArchived())) return;
  await detachOpenPart(database, 'deliveries', day, isReady);
}

async function detachOpenEvents(database: Database, day: string): Promise<void> {
  const isReady = async (sql: Sql) =>
    !(await isTrue(sql, REST_CARRIED(openOf('events', day)), [])) && (await isFree(sql, day));
  if (await isReady(database.sql)) await detachOpenPart(database, 'events', day, isReady);
}

/** Whether no legal hold was set meanwhile; none is until the transaction ends. */
async function isFree(sql: Sql, day: string): Promise<boolean> {
  await shareHolds(sql);
  return !(await isDayHeld(sql, day));
}

async function isArchivedDay(archive: ArchiverService | undefined, day: string): Promise<boolean> {
  return !archive?.isOn || (await archive.mayDrop(withDashes(day)));
}

/** `20310510` becomes `2031-05-10`. */
function withDashes(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}

const always = () => Promise.resolve(true);

function hasOpen(sql: Sql, day: string): Promise<boolean> {
  return isTrue(sql, HAS_OPEN, idsOf(day));
}

async function isTrue(
  sql: Sql,
  statement: { name: string; text: string },
  values: unknown[],
): Promise<boolean> {
  const [row] = await sql<{ open: boolean }>(statement, values);
  return row?.open ?? true;
}
