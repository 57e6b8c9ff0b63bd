import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Published, Problem } from '../support/tenant.js';
import { useStory } from '../support/story.js';

const { engine, tenant } = useStory({ api: 2, tenantFor: 'block' });
const LEAD = { type: 'lead.create', data: {} };
const newUid = () => `u_${randomBytes(5).toString('hex')}`;

function publish(uid: string, body: unknown = LEAD, { key, query = '?upsertSpace=true' }: Given = {}) {
  return engine.call<Published & Problem>(
    ...(['POST', `/v1/spaces/${uid}/events${query}`, body] as const),
    key === undefined ? {} : { key },
  );
}
interface Given {
  key?: string;
  query?: string;
}

const eventsOf = async (uid: string) =>
  (await engine.ok<{ data: { id: string }[] }>('GET', `/v1/spaces/${uid}/events`)).data;

it('makes the space, publishes in it, and leaves it as it is the next time', async () => {
  const uid = newUid();
  expect((await publish(uid, LEAD, { query: '' })).status).toBe(404);
  expect((await publish(uid, LEAD, { query: '?upsertSpace=false' })).status).toBe(404);
  expect((await publish(uid)).status).toBe(202);
  const space = await engine.ok('GET', `/v1/spaces/${uid}`);
  expect(space).toMatchObject({ uid, name: uid, profile: 'native' });
  await engine.ok('PATCH', `/v1/spaces/${uid}`, { name: 'Acme' });
  expect((await publish(uid, [LEAD, LEAD])).status).toBe(202);
  expect(await engine.ok('GET', `/v1/spaces/${uid}`)).toMatchObject({ name: 'Acme' });
  expect(await eventsOf(uid)).toHaveLength(3);
  const { data } = await engine.ok<{ data: { action: string; actor: { kind: string } }[] }>(
    ...(['GET', `/v1/spaces/${uid}/audit?action=space.create`] as const),
  );
  expect(data.map(({ actor }) => actor.kind)).toEqual(['admin']);
});

it('makes one space for publishers of the same moment, and an event for each', async () => {
  const uid = newUid();
  const answers = await Promise.all(Array.from({ length: 12 }, () => publish(uid)));
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(202));
  expect(await eventsOf(uid)).toHaveLength(12);
  const { data } = await engine.ok<{ data: unknown[] }>('GET', `/v1/spaces?q=${uid}`);
  expect(data).toHaveLength(1);
});

it('makes none for an event that no space could publish, nor for what cannot be a uid', async () => {
  const uid = newUid();
  expect((await publish(uid, { data: {} })).status).toBe(422);
  expect((await publish(uid, '{')).status).toBe(400);
  expect((await engine.call('GET', `/v1/spaces/${uid}`)).status).toBe(404);
  expect((await publish('a.b')).status).toBe(404);
  expect((await publish(`spc_${'0'.repeat(32)}`)).status).toBe(404);
  for (const kind of ['SPC', 'Evt']) expect((await publish(`${kind}_${'A1'.repeat(16)}`)).status).toBe(422);
});

it('finds a space whose uid looks like an id in capitals, as older ones may', async () => {
  const uid = newUid();
  await publish(uid);
  const older = `EVT_${'A1'.repeat(16)}`;
  const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await client.connect();
  try {
    await client.query('UPDATE posthorn.spaces SET uid = $2 WHERE uid = $1', [uid, older]);
  } finally {
    await client.end();
  }
  expect(await engine.ok('GET', `/v1/spaces/${older}`)).toMatchObject({ uid: older });
});

it('is the operator’s: a key of a space is refused, for its own space, too', async () => {
  const key = await tenant.key('manage');
  const own = await publish(tenant.uid, LEAD, { key });
  expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
  const uid = newUid();
  expect((await publish(uid, LEAD, { key })).status).toBe(404);
  expect((await engine.call('GET', `/v1/spaces/${uid}`)).status).toBe(404);
});

it('refuses another query', async () => {
  for (const query of [
    '?upsertSpace=1',
    '?upsertSpace=true&upsertSpace=true',
    '?upsert=true',
    '?upsertSpace',
  ]) {
    const { status, body } = await publish(tenant.uid, LEAD, { query });
    expect([status, body.errors?.length]).toEqual([422, 1]);
  }
});
