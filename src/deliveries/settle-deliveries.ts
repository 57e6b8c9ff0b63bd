import { pack, plainArray, textArray, unpackedBytes, unpackedText } from '../database/pack.js';
import type { Sql } from '../database/sql.js';
import type { Override } from '../core/words.js';
import type { Settlement } from './delivery.js';

type Plain = string | number | boolean | Date | null;

/** The columns of one settlement: its name, its type in `unnest`, and where its value comes from. */
const COLUMNS: [name: string, type: string, value: (s: Settlement) => Plain][] = [
  ['delivery_id', 'uuid', (s) => s.deliveryId],
  ['lease', 'uuid', (s) => s.lease],
  ['status', 'text', (s) => s.status],
  ['schedule_step', 'int', (s) => s.scheduleStep],
  ['max_attempts', 'int', (s) => s.maxAttempts],
  ['next_attempt_at', 'timestamptz', (s) => s.nextAttemptAt],
  ['finished_at', 'timestamptz', (s) => s.finishedAt],
  ['override', 'text', (s) => s.override],
  ['n', 'int', (s) => s.attempt.n],
  ['id', 'uuid', (s) => s.attempt.id],
  ['started_at', 'timestamptz', (s) => s.attempt.startedAt],
  ['url', 'text', (s) => s.attempt.url],
  ['status_code', 'int', (s) => s.attempt.statusCode],
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

/** Columns too long for arrays, each in three parameters, and the SQL that takes one value out of them. */
const PACKED: [
  name: string,
  unpacked: typeof unpackedText,
  value: (s: Settlement) => string | Buffer | null,
][] = [
  ['request_headers', unpackedText, (s) => s.attempt.requestHeaders],
  ['response_headers', unpackedText, (s) => s.attempt.responseHeaders],
  ['response_body', unpackedBytes, (s) => s.attempt.responseBody],
];

const ATTEMPT_COLUMNS = COLUMNS.slice(COLUMNS.findIndex(([name]) => name === 'n')).map(([name]) => name);

/** The number of the parameter that holds the first packed column's bytes. */
const FIRST_BYTES = COLUMNS.length + 2 * PACKED.length + 1;

// A delivery cancelled while its request was under way stays cancelled, unless the receiver took it after all.
const STAYS = `d.status <> 'pending' AND s.status <> 'succeeded'`;

const SETTLE = {
  name: 'deliveries_settle',
  text: `
    WITH settled AS (
      SELECT * FROM unnest(${[...COLUMNS.map(([, type]) => type), ...PACKED.flatMap(() => ['int', 'int'])]
        .map((type, index) => `$${index + 1}::${type}[]`)
        .join(', ')})
        AS s (${[...COLUMNS.map(([name]) => name), ...PACKED.flatMap(([name]) => [`${name}_start`, `${name}_length`])].join(', ')})
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
        override = CASE WHEN NOT (${STAYS}) THEN s.override END, lease = NULL, lease_until = NULL
      FROM settled s
      WHERE d.id = s.delivery_id AND d.lease = s.lease AND d.attempt_count = s.n - 1
      RETURNING d.id
    )
    INSERT INTO posthorn.attempts (delivery_id, ${[...ATTEMPT_COLUMNS, ...PACKED.map(([name]) => name)].join(', ')})
    SELECT s.delivery_id, ${ATTEMPT_COLUMNS.map((name) => `s.${name}`).join(', ')},
      ${PACKED.map(([name, unpacked], index) => unpacked(`$${FIRST_BYTES + index}`, `s.${name}_start`, `s.${name}_length`)).join(', ')}
    FROM settled s JOIN written ON written.id = s.delivery_id
    RETURNING delivery_id`,
};

/**
 * Writes attempts and what they made of their deliveries. Fenced by lease and attempt number: a worker that lost
 * its lease changes nothing. Gives the ids that were written.
 */
export async function settleDeliveries(sql: Sql, settlements: Settlement[]): Promise<Set<string>> {
  if (settlements.length === 0) return new Set();
  const packed = PACKED.map(([, , value]) => pack(settlements.map(value)));
  const rows = await sql<{ delivery_id: string }>(SETTLE, [
    ...COLUMNS.map(([, type, value]) =>
      type === 'text'
        ? textArray(settlements, value as (s: Settlement) => string | null)
        : plainArray(settlements, value),
    ),
    ...packed.flatMap(([, starts, lengths]) => [starts, lengths]),
    ...packed.map(([bytes]) => bytes),
  ]);
  return new Set(rows.map((row) => row.delivery_id));
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
 * Which of these attempts are still their worker's to write, with their deliveries' override; locked until the transaction
 * ends. The others were written before, with their commit's answer lost, or their lease has been taken away.
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
