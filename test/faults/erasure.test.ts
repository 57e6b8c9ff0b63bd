import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { SingleEngine } from './single-engine.js';

const FLAGS = ['--max-old-space-size=512'];
const EVENTS = 1_000_000;
/** Every 200th event is about her. */
const SUBJECT = 'jane';
const OF_SUBJECT = EVENTS / 200;
const PER_SECOND = 50;
const MEBIBYTE = 1024 * 1024;

/** Events of today with a finished delivery and its attempt each: $1 the space, $2 the subscription. PostgreSQL 18. */
const MAKE = `
  WITH made AS (
    INSERT INTO posthorn.events (id, space_id, type, occurred_at, subject_id, data)
    SELECT uuidv7(), $1, 'lead.create', now(), CASE WHEN n % 200 = 0 THEN '${SUBJECT}' ELSE 's' || n END,
      '{"email":"' || CASE WHEN n % 200 = 0 THEN 'jane' ELSE 'other' END || '@example.com"}'
    FROM generate_series(1, $3::int) n RETURNING id
  ), sent AS (
    INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, attempt_count, max_attempts)
    SELECT uuidv7(), $1, id, 'lead.create', $2, 'succeeded', 'event', 1, 6 FROM made RETURNING id
  )
  INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers, status_code, response_headers, response_body)
  SELECT id, 1, id, now(), 'https://example.com', '[["a","b"]]', 200, '[]', 'thanks' FROM sent`;

interface Erasure {
  counts: { events: number };
  verification: { complete: boolean; checked: number } | null;
  finishedAt: string | null;
}

describe('a million events', () => {
  let copy: TestDatabase;
  let database: pg.Pool;
  let engine: SingleEngine;
  beforeEach(async () => {
    copy = await createTestDatabase();
    database = new pg.Pool({ connectionString: copy.url, max: 2 });
    database.on('error', () => undefined);
    engine = await SingleEngine.start({ databaseUrl: copy.url, node: FLAGS });
  });
  afterEach(async () => {
    await engine.kill();
    await database.end();
    await copy.drop();
  });

  const one = async <T>(text: string, values: unknown[] = []): Promise<T> =>
    (await database.query(text, values)).rows[0] as T;

  it('of which one subject is erased beside live publishes, by an engine that is killed meanwhile', async () => {
    const { id: space } = await one<{ id: string }>(`SELECT id FROM posthorn.spaces LIMIT 1`);
    await engine.ok('POST', engine.path('/subscriptions'), {
      url: 'http://127.0.0.1:9/',
      events: ['lead.delete'],
    });
    const { id: subscription } = await one<{ id: string }>(`SELECT id FROM posthorn.subscriptions LIMIT 1`);
    for (let n = 0; n < 10; n += 1) await database.query(MAKE, [space, subscription, EVENTS / 10]);
    await database.query('ANALYZE posthorn.events, posthorn.deliveries, posthorn.attempts');
    const before = engine.memory;

    const startedAt = performance.now();
    const { id } = await engine.ok<{ id: string }>('POST', engine.path('/erasures'), { subjectId: SUBJECT });
    const read = () => engine.ok<Erasure>('GET', engine.path(`/erasures/${id}`));
    const erased = async () =>
      (
        await one<{ count: number }>(
          `SELECT count(*)::int AS count FROM posthorn.events WHERE removed = 'erased'`,
        )
      ).count;
    await eventually(async () => (await erased()) > 500, { timeoutMs: 60_000 });
    await engine.kill();
    const interrupted = await erased();
    await engine.revive();
    const latencies: number[] = [];
    let waited = 0;
    let most = 0;
    let erasure = await read();
    while (erasure.finishedAt === null) {
      const at = performance.now();
      await engine.ok('POST', engine.path('/events'), { type: 'lead.update', data: {}, subjectId: 'live' });
      latencies.push(performance.now() - at);
      const { blocked } = await one<{ blocked: number }>(
        `SELECT count(*)::int AS blocked FROM pg_locks WHERE NOT granted`,
      );
      waited += blocked;
      most = Math.max(most, engine.memory);
      await sleep(1_000 / PER_SECOND);
      if (latencies.length % 10 === 0) erasure = await read();
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    latencies.sort((a, b) => a - b);
    const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
    console.log(
      `${interrupted} erased before the kill, ${seconds.toFixed(1)} s in all; ${latencies.length} publishes, p50 ${latencies[latencies.length >> 1]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ${waited} waits for locks; ${(before / MEBIBYTE).toFixed(0)} to ${(most / MEBIBYTE).toFixed(0)} MiB`,
    );
    expect(erasure).toMatchObject({
      counts: { events: OF_SUBJECT, deliveries: OF_SUBJECT, attempts: OF_SUBJECT },
      verification: { complete: true, checked: OF_SUBJECT },
    });
    expect(interrupted).toBeLessThan(OF_SUBJECT);
    const { left } = await one<{ left: number }>(
      `SELECT count(*)::int AS left FROM posthorn.events WHERE data LIKE '%jane%' OR subject_id = '${SUBJECT}'`,
    );
    expect(left).toBe(0);
    expect(p99).toBeLessThan(500);
    expect(most).toBeLessThan(before + 100 * MEBIBYTE);
  }, 600_000);
});
