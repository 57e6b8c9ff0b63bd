/**
 * Deliveries of new events for subscriptions, oldest first, as if they had been published: $1 the space's id, $2 the
 * subscriptions', $3 how many events, $4 the deliveries' status. For PostgreSQL 18.
 */
export const MAKE_BACKLOG = `
  WITH made AS (
    INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
    SELECT uuidv7(), $1, 'lead.create', now(), json_build_object('n', n)::text FROM generate_series(1, $3::int) AS n
    RETURNING id, space_id, type
  )
  INSERT INTO posthorn.deliveries
    (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts, next_attempt_at)
  SELECT uuidv7(), made.space_id, made.id, made.type, s.id, $4, 'event', 6, CASE WHEN $4 = 'pending' THEN now() END
  FROM made CROSS JOIN unnest($2::uuid[]) AS s (id) ORDER BY made.id`;
