const KEPT = 10;

/**
 * SQL: a subscription's recent pauses with the one that ends now. `row` is the row as it was, `end` the time. Latency
 * leaves them out (`deliveries/lease-deliveries.ts`).
 */
export function withEndedPause(row: string, end: string): string {
  const all = `${row}.recent_pauses || tstzrange(${row}.paused_at, greatest(${end}, ${row}.paused_at))`;
  return `(${all})[greatest(1, coalesce(cardinality(${row}.recent_pauses), 0) + 2 - ${KEPT}):]`;
}
