import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { Proxy } from '../faults/proxy.js';

interface Problem {
  code: string;
  detail: string;
}

describe('a database that gives no answer', () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let engine: Engine;
  beforeEach(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url);
    proxy = await Proxy.start(Number(url.port));
    url.port = String(proxy.port);
    engine = await Engine.start({ workers: 1, settings: { databaseUrl: url.href } });
    await engine.ok('POST', '/v1/spaces', { name: 'a', uid: 'a' });
    await publish('first');
  });
  afterEach(async () => {
    proxy.up();
    await engine.close();
    await proxy.close();
    await database.drop();
  });

  const publish = async (id: string) => {
    const startedAt = performance.now();
    const event = { type: 'lead.create', id, data: {} };
    const answer = await engine.call<Problem>('POST', '/v1/spaces/a/events', event);
    return { ...answer, ms: performance.now() - startedAt };
  };
  const readiness = () => engine.call<{ checks: Record<string, { reason?: string }> }>('GET', '/readyz');
  const stored = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ id: string }>('SELECT publisher_id AS id FROM posthorn.events');
      return rows.map(({ id }) => id).sort();
    } finally {
      await client.end();
    }
  };

  it('is a 503 within two seconds, and at once while it is known; all goes on within ten seconds', async () => {
    proxy.swallow();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(publish));
    for (const { status, headers, body, ms } of answers) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
      expect(['outcome_unknown', 'unavailable']).toContain(body.code);
      expect(ms).toBeLessThan(2_500);
    }
    expect(answers[0]?.body).toMatchObject({
      code: 'outcome_unknown',
      detail: expect.stringContaining('again with the same ids') as string,
    });
    const known = await publish('e');
    expect(known).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(known.ms).toBeLessThan(500);
    const ready = await readiness();
    expect(ready).toMatchObject({ status: 503, body: { checks: { database: { reason: 'away' } } } });

    proxy.up();
    await eventually(async () => (await publish('back')).status === 202);
    await eventually(async () => (await readiness()).status === 200);
    // What was answered with a 503 has not been written meanwhile.
    expect(await stored()).toEqual(['back', 'first']);
  }, 40_000);

  it('is found out on connections that alone are dead', async () => {
    proxy.swallow({ newOnes: false });
    const answer = await publish('lost');
    expect(answer).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
    expect(answer.ms).toBeLessThan(4_000);
    await eventually(async () => (await publish('next')).status === 202);
  }, 40_000);
});
