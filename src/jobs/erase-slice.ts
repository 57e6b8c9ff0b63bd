import type { Sql } from '../database/sql.js';
import {
  countDeliveriesOf,
  DELIVERIES_AT_ONCE,
  deleteDeliveriesOfEvents,
  eraseDeliveriesOf,
  eventsWithin,
  leftOfDeliveries,
  removeOrphans,
} from '../deliveries/erase-deliveries.js';
import {
  countSelected,
  deleteEvents,
  eraseEvents,
  forgetWhom,
  nextSelected,
} from '../event-store/erase-events.js';
import { countInbox, eraseInbox } from '../event-store/erase-inbox.js';
import { findHoldOn, onHold, shareHolds } from '../event-store/legal-holds.js';
import type { Selection } from '../event-store/selection.js';
import { countTestRequests, deleteTestRequests } from '../test-receiver/erase-requests.js';
import { isBroadcastAhead } from '../broadcasts/broadcasts-ahead.js';
import type { ErasureEntity } from './erasure.entity.js';
import { NOTHING, plus, type ErasureCounts, type ErasureVerification } from './erasure.js';
import { readErasure, writeErasure } from './erasure-record.js';
import type { JobEntity } from './job.entity.js';
import type { EraseRequest } from './job.js';

/** How much one slice looks at: so many events, and about so many of their deliveries. */
interface SliceSize {
  events: number;
  deliveries: number;
}

const COUNTED: SliceSize = { events: 500, deliveries: 10 * DELIVERIES_AT_ONCE };
const ERASED: SliceSize = { events: 100, deliveries: DELIVERIES_AT_ONCE };
const SLICE_PAUSE_MS = 10;
/** Time for live traffic for each row that was written, milliseconds. */
const MS_PER_ROW = 0.25;
/** Until requests or broadcasts that are under way are looked for again. */
const UNDER_WAY_MS = 1_000;

/** The job as it is after the slice, and for how long it rests. */
interface EraseStep {
  job: JobEntity;
  restMs: number;
}

/** What a slice of a walk did. */
interface Walked {
  counts: Partial<ErasureCounts>;
  verified?: Partial<ErasureVerification['remaining']> & { checked: number };
  /** Events that are done. */
  done: number;
  /** The last id; undefined: the same events again; null: the walk is over. */
  position: string | null | undefined;
  restMs?: number;
}

type Slice = { sql: Sql; job: JobEntity; request: EraseRequest; selection: Selection; now: Date };

/**
 * The next slice of an erasure. It walks its events three times: it counts them, removes what they and their deliveries
 * carry, and looks whether all of it is gone. Only then does it remove by what it finds them: so it can be interrupted
 * anywhere.
 */
export async function eraseSlice(
  sql: Sql,
  job: JobEntity,
  request: EraseRequest,
  now: Date,
): Promise<EraseStep> {
  const record = await readErasure(sql, job.id);
  const { events, subject } = request;
  const selection = { spaceId: job.spaceId, since: job.sinceId, until: job.untilId, events, subject };
  await shareHolds(sql);
  const hold = job.dryRun ? null : await findHoldOn(sql, selection);
  if (hold) return end(sql, job, { ...record, stopped: onHold(hold).message }, 'cancelled', now);
  const isFirst = request.walk === 'count' && job.position === job.sinceId && !job.dryRun;
  if (isFirst && (await isBroadcastAhead(sql, selection))) return { job, restMs: UNDER_WAY_MS };
  const walked = await WALKS[request.walk]({ sql, job, request, selection, now });
  const rows = (walked.counts.deliveries ?? 0) + (walked.counts.attempts ?? 0) + (walked.counts.events ?? 0);
  const restMs = walked.restMs ?? SLICE_PAUSE_MS + rows * MS_PER_ROW;
  const next: JobEntity = { ...job, status: 'running' };
  if (request.walk === 'count') next.total += walked.done;
  else if (request.walk === 'erase') next.done += walked.done;
  const counted = {
    ...record,
    status: next.status,
    counts: plus(record.counts, walked.counts),
    verification: verified(record.verification, walked.verified, now),
  };
  if (walked.position === null) return nextWalk(sql, next, request, counted, selection, now);
  await writeErasure(sql, counted);
  return { job: { ...next, position: walked.position ?? job.position }, restMs };
}

const WALKS: Record<EraseRequest['walk'], (slice: Slice) => Promise<Walked>> = {
  count: async ({ sql, job, selection }) => {
    const { ids, last } = await nextEvents(sql, selection, job.position, COUNTED);
    const counts = { events: ids.length, ...(await countDeliveriesOf(sql, ids)) };
    return { counts, done: ids.length, position: last, restMs: SLICE_PAUSE_MS };
  },
  erase: async ({ sql, job, selection, now }) => {
    const { ids, last } = await nextEvents(sql, selection, job.position, ERASED);
    const events = await eraseEvents(sql, ids, now);
    const { more, ...counts } = await eraseDeliveriesOf(sql, ids, now);
    if (more) return { counts: { ...counts, events }, done: 0, position: undefined };
    return { counts: { ...counts, events }, done: ids.length, position: last };
  },
  orphans: async ({ sql, job, request, now }) => {
    const between = { after: job.position, before: job.untilId };
    const { last, ...counts } = await removeOrphans(sql, job.spaceId, between, request.mode === 'rows', now);
    return { counts, done: 0, position: last };
  },
  verify,
};

/** What came in between is removed here. Then by what the events were found, or their rows. */
async function verify({ sql, job, request, selection, now }: Slice): Promise<Walked> {
  const { ids, last } = await nextEvents(sql, selection, job.position, ERASED);
  const events = await eraseEvents(sql, ids, now);
  const { more, ...late } = await eraseDeliveriesOf(sql, ids, now);
  const counts = { ...late, events };
  if (more) return { counts, done: 0, position: undefined };
  const { underWay, ...left } = await leftOfDeliveries(sql, ids, now);
  if (underWay > 0) return { counts, done: 0, position: undefined, restMs: UNDER_WAY_MS };
  if (request.mode === 'rows') {
    const gone = await deleteDeliveriesOfEvents(sql, ids);
    if (gone.more) return { counts, done: 0, position: undefined };
  }
  const eventKeys = await (request.mode === 'rows' ? deleteEvents(sql, ids) : forgetWhom(sql, ids));
  return {
    counts: { ...counts, eventKeys },
    verified: { ...left, checked: ids.length },
    done: 0,
    position: last,
  };
}

/** The next events of the walk, and the last of them; null when no others follow. */
async function nextEvents(
  sql: Sql,
  selection: Selection,
  after: string,
  size: SliceSize,
): Promise<{ ids: string[]; last: string | null }> {
  const found = await nextSelected(sql, selection, after, size.events);
  const ids = await eventsWithin(sql, found, size.deliveries);
  const isEnd = ids.length === found.length && found.length < size.events;
  return { ids, last: isEnd ? null : (ids.at(-1) ?? null) };
}

function verified(
  before: ErasureVerification | null,
  found: Walked['verified'],
  now: Date,
): ErasureVerification | null {
  if (!found) return before;
  const remaining = before?.remaining ?? { events: 0, deliveries: 0, attempts: 0, testRequests: 0 };
  return {
    at: now.toISOString(),
    checked: (before?.checked ?? 0) + found.checked,
    remaining: {
      ...remaining,
      deliveries: remaining.deliveries + (found.deliveries ?? 0),
      attempts: remaining.attempts + (found.attempts ?? 0),
    },
  };
}

async function nextWalk(
  sql: Sql,
  job: JobEntity,
  request: EraseRequest,
  record: ErasureEntity,
  selection: Selection,
  now: Date,
): Promise<EraseStep> {
  const { walk, all } = request;
  if (walk === 'count' && job.dryRun) {
    const testRequests = await countTestRequests(sql, job.spaceId);
    const events = record.counts.events + (await countInbox(sql, selection));
    const counts = { ...record.counts, events, testRequests };
    return end(sql, { ...job, counted: true }, { ...record, counts }, 'completed', now);
  }
  if (walk === 'count') {
    // What SQL has published and no worker has taken is gone, or an event, before the walk begins.
    const counts = plus(NOTHING, { events: await eraseInbox(sql, selection) });
    return begin(sql, job, { ...request, walk: 'erase' }, { ...record, counts });
  }
  if (walk === 'erase') return begin(sql, job, { ...request, walk: all ? 'orphans' : 'verify' }, record);
  if (walk === 'orphans') return begin(sql, job, { ...request, walk: 'verify' }, record);
  // A window was looked at row by row; anything else is asked for once more.
  const isWindow = request.events === null && request.subject === null;
  const events = isWindow ? 0 : await countSelected(sql, selection);
  const again = () => begin(sql, job, { ...request, walk: 'erase' }, record);
  if (events > 0) return again();
  // It began in the moment of this erasure.
  if (await isBroadcastAhead(sql, selection)) return { ...(await again()), restMs: UNDER_WAY_MS };
  const testRequests = await deleteTestRequests(sql, job.spaceId);
  const counts = plus(record.counts, { testRequests });
  const checked = verified(record.verification, { checked: 0 }, now);
  const next = { ...job, done: job.total };
  return end(sql, next, { ...record, counts, verification: checked }, 'completed', now);
}

/** Begins another walk. */
async function begin(
  sql: Sql,
  job: JobEntity,
  request: EraseRequest,
  record: ErasureEntity,
): Promise<EraseStep> {
  await writeErasure(sql, record);
  return { job: { ...job, request, counted: true, position: job.sinceId }, restMs: SLICE_PAUSE_MS };
}

async function end(
  sql: Sql,
  job: JobEntity,
  record: ErasureEntity,
  status: 'completed' | 'cancelled',
  now: Date,
): Promise<EraseStep> {
  await writeErasure(sql, { ...record, status, finishedAt: now });
  const request = { ...(job.request as EraseRequest), subject: null };
  return { job: { ...job, request, status, finishedAt: now }, restMs: 0 };
}
