import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';
import { ERASED } from '../core/removed.js';
import type { Override } from '../core/domain-types.js';
import { HAS_FAILURES } from '../endpoints/health.js';
import { OWN_FAULTS } from '../core/own-fault.js';
import type { Settlement } from './delivery.js';

const OUTCOME: Column<Settlement>[] = [
  ['delivery_id', 'uuid', (s) => s.deliveryId],
  ['lease', 'uuid', (s) => s.lease],
  ['status', 'text', (s) => s.status],
  ['schedule_step', 'int', (s) => s.scheduleStep],
  ['max_attempts', 'int', (s) => s.maxAttempts],
  ['next_attempt_at', 'timestamptz', (s) => s.nextAttemptAt],
  ['finished_at', 'timestamptz', (s) => s.finishedAt],
  ['override', 'text', (s) => s.override],
];

const ATTEMPT: Column<Settlement>[] = [
  ['n', 'int', (s) => s.attempt.n],
  ['id', 'uuid', (s) => s.attempt.id],
  ['started_at', 'timestamptz', (s) => s.attempt.startedAt],
  ['url', 'text', (s) => s.attempt.url],
  ['request_headers', 'text', (s) => s.attempt.requestHeaders],
  ['status_code', 'int', (s) => s.attempt.statusCode],
  ['response_headers', 'text', (s) => s.attempt.responseHeaders],
  ['response_body', 'bytea', (s) => s.attempt.responseBody],
  ['response_truncated', 'bool', (s) => s.attempt.responseTruncated],
  ['error_code', 'text', (s) => s.attempt.errorCode],
  ['error_detail', 'text', (s) => s.attempt.errorDetail],
  ['address_class', 'text', (s) => s.attempt.addressClass],
  ['dns_ms', 'real', (s) => s.attempt.dnsMs],
  ['connect_ms', 'real', (s) => s.attempt.connectMs],
  ['tls_ms', 'real', (s) => s.attempt.tlsMs],
  ['first_byte_ms', 'real', (s) => s.attempt.firstByteMs],
  ['total_ms', 'real', (s) => s.attempt.totalMs],
];

/** What only a failure, or an attempt that somebody asked for, changes of a delivery. */
const FAILURE: Column<Settlement>[] = [
  ['planned_at', 'timestamptz', (s) => s.plannedAt ?? null],
  ['lost_at', 'timestamptz', (s) => s.lostAt ?? null],
];

/** What only these attempts say of themselves. */
const ASKED_FOR: Column<Settlement>[] = [
  ['trigger', 'text', (s) => (s.attemptTrigger === 'schedule' ? null : (s.attemptTrigger ?? null))],
];

const SUCCESS_COLUMNS = [...OUTCOME, ...ATTEMPT];
const FAILURE_COLUMNS = [...SUCCESS_COLUMNS, ...FAILURE, ...ASKED_FOR];
const namesOf = (columns: Column<Settlement>[]) => columns.map(([name]) => name);

/** What an attempt writes of a delivery whose event was erased during the request. */
const WHEN_ERASED: Record<string, string> = {
  request_headers: `'[]'`,
  response_headers: 'NULL',
  response_body: 'NULL',
};

function unlessErased(name: string): string {
  const erased = WHEN_ERASED[name];
  return erased === undefined ? `s.${name}` : `CASE WHEN erased_at IS NULL THEN s.${name} ELSE ${erased} END`;
}

// A delivery cancelled while its request was under way stays cancelled, unless the receiver took it after all.
const STAYS = `d.status <> 'pending' AND s.status <> 'succeeded'`;

const settleSql = (columns: Column<Settlement>[], names: string[], more: string) => `
    WITH settled AS (
      SELECT * FROM ${rowsSql(columns, 1)} s
    ), written AS (
      UPDATE posthorn.deliveries d SET
        status = CASE WHEN ${STAYS} THEN d.status ELSE s.status END,
        next_attempt_at = CASE WHEN ${STAYS} THEN NULL ELSE s.next_attempt_at END,
        finished_at = CASE WHEN ${STAYS} THEN d.finished_at ELSE s.finished_at END,
        attempt_count = s.n,
        schedule_step = s.schedule_step,
        max_attempts = s.max_attempts,
        last_status_code = s.status_code,
        last_error = s.error_code,
        override = CASE WHEN NOT (${STAYS}) THEN s.override END, lease = NULL, lease_until = NULL${more}
      FROM settled s
      WHERE d.id = s.delivery_id AND d.lease = s.lease AND d.attempt_count = s.n - 1
      RETURNING d.id, d.erased_at
    ), inserted AS (
      INSERT INTO posthorn.attempts (delivery_id, removed, ${names.join(', ')})
      SELECT s.delivery_id, CASE WHEN erased_at IS NOT NULL THEN '${ERASED}' END, ${names.map(unlessErased).join(', ')}
      FROM settled s JOIN written ON written.id = s.delivery_id
    )`;

// With the question that would need a statement of its own: who has failures that these successes end.
const SETTLE = {
  name: 'deliveries_settle',
  text: `${settleSql(SUCCESS_COLUMNS, namesOf(ATTEMPT), '')}
    SELECT id FROM posthorn.subscriptions WHERE id = ANY($${SUCCESS_COLUMNS.length + 1}::uuid[]) AND ${HAS_FAILURES}`,
};
const SETTLE_FAILURES = {
  name: 'deliveries_settle_failures',
  text: `${settleSql(
    FAILURE_COLUMNS,
    namesOf([...ATTEMPT, ...ASKED_FOR]),
    `, planned_at = CASE WHEN NOT (${STAYS}) THEN s.planned_at END,
        lost_at = CASE WHEN ${STAYS} THEN d.lost_at ELSE coalesce(s.lost_at, d.lost_at) END`,
  )}
    SELECT`,
};

/**
 * Writes attempts that succeeded, and their deliveries. Fenced by lease and attempt number: a worker that lost its
 * lease changes nothing. Gives those of the subscriptions that had failures, for `resetHealth`.
 */
export async function settleDeliveries(
  sql: Sql,
  settlements: Settlement[],
  subscriptionIds: string[] = [],
): Promise<string[]> {
  if (settlements.length === 0) return [];
  const parameters = [...rowsParameters(SUCCESS_COLUMNS, settlements), subscriptionIds];
  return (await sql<{ id: string }>(SETTLE, parameters)).map(({ id }) => id);
}

/** The same for any attempts. */
export async function settleFailedDeliveries(sql: Sql, settlements: Settlement[]): Promise<void> {
  if (settlements.length > 0) await sql(SETTLE_FAILURES, rowsParameters(FAILURE_COLUMNS, settlements));
}

// By primary key, in the partition of the delivery.
const FIRST_FAILURES = {
  name: 'deliveries_first_failures',
  text: `
    SELECT delivery_id AS id, min(started_at + coalesce(total_ms, 0) * interval '1 millisecond') AS at
    FROM posthorn.attempts
    WHERE delivery_id = ANY($1::uuid[]) AND (error_code IS NULL OR error_code <> ALL($2::text[])) GROUP BY delivery_id`,
};

/** When the first attempt of each of these deliveries ended, those left out that failed on our side. */
export async function findFirstFailures(sql: Sql, ids: string[]): Promise<Map<string, Date>> {
  const rows = await sql<{ id: string; at: Date }>(FIRST_FAILURES, [ids, OWN_FAULTS]);
  return new Map(rows.map(({ id, at }) => [id, at]));
}

const HELD_LEASES = {
  name: 'deliveries_held_leases',
  text: `
    SELECT d.id, d.override FROM posthorn.deliveries d
    JOIN unnest($1::uuid[], $2::uuid[], $3::int[]) AS l (id, lease, n) ON l.id = d.id
    WHERE d.lease = l.lease AND d.attempt_count = l.n - 1
    ORDER BY d.id FOR UPDATE OF d`,
};

/**
 * Which of these attempts are still their worker's to write, with their deliveries' override; locked until the
 * transaction ends. The others were written before, with their commit's answer lost, or their lease has been taken
 * away.
 */
export async function lockLeases(
  sql: Sql,
  attempts: { deliveryId: string; lease: string; n: number }[],
): Promise<Map<string, Override | null>> {
  const rows = await sql<{ id: string; override: Override | null }>(HELD_LEASES, [
    attempts.map((attempt) => attempt.deliveryId),
    attempts.map((attempt) => attempt.lease),
    attempts.map((attempt) => attempt.n),
  ]);
  return new Map(rows.map((row) => [row.id, row.override]));
}
