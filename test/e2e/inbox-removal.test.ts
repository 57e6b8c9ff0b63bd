import pg from 'pg';
import { newUuid } from '../../src/core/ids.js';
import { InboxExpirer } from '../../src/events/inbox-expirer.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

interface Erasure {
  id: string;
  status: string;
  counts: { events: number };
}

const { engine, tenant } = useStory();
let client: pg.Client;

beforeEach(async () => {
  client = new pg.Client(engine.settings.databaseUrl);
  await client.connect();
});
afterEach(() => client.end());

/** An event that SQL published and that was refused so many days ago. Gives its key. */
async function refused(own: Tenant, key: string, options: object = {}, days = 0): Promise<string> {
  await client.query(
    `INSERT INTO posthorn.inbox (id, space_id, type, data, key, options, refused, refused_at)
     SELECT posthorn.new_event_id(), id, 'lead.create', '{"email":"jane@example.com"}', $2, $3, 'no such type',
       now() - $4 * interval '1 day' FROM posthorn.spaces WHERE uid = $1`,
    [own.uid, key, options, days],
  );
  return key;
}

async function left(own: Tenant): Promise<string[]> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT i.key FROM posthorn.inbox i JOIN posthorn.spaces s ON s.id = i.space_id WHERE s.uid = $1 ORDER BY i.id`,
    [own.uid],
  );
  return rows.map(({ key }) => key);
}

async function erase(body: object, own = tenant): Promise<Erasure> {
  const { id } = await engine.ok<Erasure>('POST', own.path('/erasures'), body);
  return eventually(async () => {
    const now = await engine.ok<Erasure & { finishedAt: string | null }>('GET', own.path(`/erasures/${id}`));
    return now.finishedAt !== null && now;
  });
}

it('an erasure removes what SQL published about a person and what was refused of it, by every name of hers', async () => {
  const other = await Tenant.create(engine);
  await refused(tenant, 'subject', { subjectId: 'jane' });
  await refused(tenant, 'lead', { scope: { leadId: 'jane' } });
  await refused(tenant, 'tag', { tags: { lead: 'jane' } });
  await refused(tenant, 'about-another', { subjectId: 'john', scope: { leadId: 'jane' } });
  await refused(tenant, 'about-nobody');
  await refused(other, 'elsewhere', { subjectId: 'jane' });
  expect(await erase({ subjectId: 'jane', dryRun: true })).toMatchObject({ counts: { events: 3 } });
  expect(await left(tenant)).toHaveLength(5);
  expect(await erase({ subjectId: 'jane', mode: 'rows' })).toMatchObject({
    ...{ status: 'completed', counts: { events: 3 } },
  });
  expect(await left(tenant)).toEqual(['about-another', 'about-nobody']);
  expect(await left(other)).toEqual(['elsewhere']);
  await erase({ all: true });
  expect(await left(tenant)).toEqual([]);
});

it('an erasure includes what a clock that is ahead by half a second has just published, and nothing later', async () => {
  const own = await Tenant.create(engine);
  for (const [key, aheadMs] of [
    ['ahead', 500],
    ['later', 600_000],
  ] as const) {
    await refused(own, key);
    const id = newUuid(Date.now() + aheadMs);
    await client.query('UPDATE posthorn.inbox SET id = $2 WHERE key = $1', [key, id]);
  }
  await erase({ all: true }, own);
  expect(await left(own)).toEqual(['later']);
});

it('what was refused goes when its space no longer keeps data of that age, but for a legal hold', async () => {
  const short = await Tenant.create(engine);
  const held = await Tenant.create(engine);
  await engine.ok('PATCH', short.path(''), { retention: { bodiesDays: 2 } });
  await engine.ok('POST', held.path('/holds'), { reason: 'a case', subjectId: 'jane' });
  for (const [own, key, days] of [
    [tenant, 'young', 29],
    [tenant, 'old', 31],
    [short, 'short-young', 1],
    [short, 'short-old', 3],
    [held, 'held', 31],
  ] as const)
    await refused(own, key, {}, days);
  const expirer = engine.workers[0]?.get(InboxExpirer, { strict: false });
  expect(await expirer?.expire()).toBe(2);
  expect([await left(tenant), await left(short), await left(held)]).toEqual([
    ['young'],
    ['short-young'],
    ['held'],
  ]);
  expect(await expirer?.expire()).toBe(0);
});
