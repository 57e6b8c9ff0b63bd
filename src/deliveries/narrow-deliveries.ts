import { payloadFilter } from '../event-store/payload-filter.js';
import type { DeliverySearch } from './delivery-search.dto.js';

/** Deliveries looked at for one page: their own columns are read, or their attempts and events as well. */
const MAX_SCANNED = { own: 20_000, others: 2_000 };

interface Part {
  sql: string;
  values: unknown[];
}

type MakePart = (firstParameter: number) => Part;

const RETRYING = `(scanned.status = 'pending' AND scanned.attempt_count > 0 AND scanned.last_error IS NOT NULL)`;
const BROKEN = `(${RETRYING} OR scanned.status IN ('failed', 'expired') OR (scanned.status = 'held' AND EXISTS (
  SELECT FROM posthorn.subscriptions s WHERE s.id = scanned.subscription_id AND s.paused_reason <> 'manual')))`;

const MANUAL = `(scanned.trigger = 'manual' OR (scanned.attempt_count > 0 AND EXISTS (
  SELECT FROM posthorn.attempts a WHERE a.delivery_id = scanned.id AND a.trigger = 'manual')))`;

/** The conditions of a search that no index knows, on rows named `scanned`, and how many rows to look at. */
export function narrowDeliveries(query: DeliverySearch): { sql: MakePart; scanned: number } {
  const parts = [...ownParts(query), ...attemptParts(query), ...payloadParts(query)];
  const { slowerThan, response, payload, trigger } = query;
  const isOwn = ![slowerThan, response, payload].some((value) => value !== undefined) && trigger !== 'manual';
  const sql = (firstParameter: number) =>
    parts.reduce<Part>(
      (all, make) => {
        const part = make(firstParameter + all.values.length);
        return { sql: `${all.sql} AND ${part.sql}`, values: [...all.values, ...part.values] };
      },
      { sql: 'true', values: [] },
    );
  return { sql, scanned: isOwn ? MAX_SCANNED.own : MAX_SCANNED.others };
}

function ownParts({ statusCode, error, trigger, state }: DeliverySearch): MakePart[] {
  const parts: MakePart[] = [];
  if (statusCode?.endsWith('xx')) {
    const from = Number(statusCode.charAt(0)) * 100;
    parts.push((p) => ({
      sql: `scanned.last_status_code BETWEEN $${p}::int AND $${p}::int + 99`,
      values: [from],
    }));
  } else if (statusCode !== undefined) {
    parts.push((p) => ({ sql: `scanned.last_status_code = $${p}::int`, values: [Number(statusCode)] }));
  }
  if (error !== undefined) parts.push((p) => ({ sql: `scanned.last_error = $${p}::text`, values: [error] }));
  if (trigger === 'manual') parts.push(() => ({ sql: MANUAL, values: [] }));
  else if (trigger !== undefined)
    parts.push((p) => ({ sql: `scanned.trigger = $${p}::text`, values: [trigger] }));
  if (state !== undefined) parts.push(() => ({ sql: state === 'broken' ? BROKEN : RETRYING, values: [] }));
  return parts;
}

function attemptParts({ slowerThan, response }: DeliverySearch): MakePart[] {
  const anAttempt = (condition: string) =>
    `EXISTS (SELECT FROM posthorn.attempts a WHERE a.delivery_id = scanned.id AND ${condition})`;
  const parts: MakePart[] = [];
  if (slowerThan !== undefined)
    parts.push((p) => ({ sql: anAttempt(`a.total_ms >= $${p}::int`), values: [slowerThan] }));
  if (response !== undefined) {
    const contains = (p: number) => `position(convert_to($${p}::text, 'UTF8') IN a.response_body) > 0`;
    parts.push((p) => ({ sql: anAttempt(contains(p)), values: [response] }));
  }
  return parts;
}

function payloadParts({ payload }: DeliverySearch): MakePart[] {
  if (payload === undefined) return [];
  return [
    (p) => {
      const { sql, values } = payloadFilter(payload, 'e', p);
      const event = `SELECT FROM posthorn.events e WHERE e.id = scanned.event_id AND ${sql}`;
      return { sql: `EXISTS (${event})`, values };
    },
  ];
}
