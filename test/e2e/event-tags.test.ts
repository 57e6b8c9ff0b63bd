import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant, receiver } = useStory();

interface Shown {
  scope: object;
  tags: object;
}

const hook = (uid: string, scope: object) => tenant.subscribe(`${receiver.url}/${uid}`, { uid, scope });
const shown = (id: string) => engine.ok<Shown>('GET', tenant.path(`/events/${id}`));
const LEAD = { type: 'lead.create', data: { id: '1' } };

async function reasons(id: string): Promise<Record<string, string | null>> {
  const { data } = await engine.ok<{ data: { uid: string; reason: string | null }[] }>(
    'GET',
    tenant.path(`/events/${id}/routing`),
  );
  return Object.fromEntries(data.map(({ uid, reason }) => [uid, reason]));
}

describe('tags of events', () => {
  it.each<[string, object, object, object]>([
    ['client', { tags: { client: 'a' } }, { clientId: 'a' }, { client: 'a' }],
    [
      'scope',
      { scope: { clientId: 'a', leadId: 'l' } },
      { clientId: 'a', leadId: 'l' },
      { client: 'a', lead: 'l' },
    ],
    ['others', { tags: { region: 'eu', 'cost.center': '7' } }, {}, { region: 'eu', 'cost.center': '7' }],
    [
      'both',
      { scope: { campaignId: 'c' }, tags: { campaign: 'c', region: 'eu' } },
      { campaignId: 'c' },
      { campaign: 'c', region: 'eu' },
    ],
    ['none', {}, {}, {}],
  ])('%s: are shown with the scope that is the same', async (_name, given, scope, tags) => {
    const { id } = await tenant.publish({ ...LEAD, ...given });
    expect(await shown(id)).toMatchObject({ scope, tags });
    const { data } = await engine.ok<{ data: Shown[] }>('GET', tenant.path('/events'));
    expect(data[0]).toMatchObject({ scope, tags });
  });

  it.each<[object, string]>([
    [{ tags: { client: 'a' }, scope: { clientId: 'b' } }, 'tags.client'],
    [{ tags: { '1st': 'a' } }, 'tags.1st'],
    [{ tags: { toString: 'a' } }, 'tags.toString'],
    [{ tags: { region: 7 } }, 'tags.region'],
    [{ tags: { region: '' } }, 'tags.region'],
    [{ tags: { region: 'a\u0000b' } }, 'tags.region'],
    [{ tags: ['a'] }, 'tags'],
    [{ tags: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`t${n}`, 'x'])) }, 'tags'],
    [{ scope: { region: 'eu' } }, 'scope.region'],
  ])('%j is refused at %s', async (given, path) => {
    const { status, body } = await tenant.send<Problem>({ ...LEAD, ...given });
    expect([status, body.errors?.map((one) => one.path)]).toEqual([422, [path]]);
  });

  it('are part of what an id of the publisher stands for, and the same as the fields of the scope', async () => {
    const first = await tenant.publish({ ...LEAD, id: 'e1', tags: { client: 'a' } });
    const second = await tenant.publish({ ...LEAD, id: 'e1', scope: { clientId: 'a' } });
    expect(second).toMatchObject({ id: first.id, duplicate: true });
    expect((await tenant.send({ ...LEAD, id: 'e1', tags: { client: 'a', region: 'eu' } })).status).toBe(409);
  });

  it('can be given by SQL', async () => {
    const api = engine.apis[0] as (typeof engine.apis)[0];
    const { sql } = api.get(Database);
    const call = {
      name: '',
      text: `SELECT posthorn.publish($1, 'lead.create', '{}', NULL, $2::jsonb) AS id`,
    };
    const [row] = await sql<{ id: string }>(call, [tenant.uid, '{"tags": {"client": "a", "region": "eu"}}']);
    const expected = { scope: { clientId: 'a' }, tags: { client: 'a', region: 'eu' } };
    await eventually(async () => expect(await shown(row?.id ?? '')).toMatchObject(expected));
    await expect(sql(call, [tenant.uid, '{"tags": {"region": 7}}'])).rejects.toThrow('options.tags');
  });
});

describe('subscriptions to tags', () => {
  it('get what has all of them, and the older names of scopes are the same', async () => {
    await hook('client', { level: 'client', clientId: 'a' });
    await hook('client-tag', { tags: { client: 'a' } });
    await hook('region', { level: 'tags', tags: { region: ['eu', 'uk'] } });
    await hook('both', { tags: { client: 'a', region: 'eu' } });
    await hook('lead', { tags: { lead: 'l' } });
    const outcome = async (event: object) =>
      Object.entries(await reasons((await tenant.publish({ ...LEAD, ...event })).id))
        .filter(([, reason]) => reason === null)
        .map(([uid]) => uid)
        .sort();
    expect(await outcome({ tags: { client: 'a', region: 'eu' } })).toEqual([
      'both',
      'client',
      'client-tag',
      'region',
    ]);
    expect(await outcome({ scope: { clientId: 'a' }, tags: { region: 'us' } })).toEqual([
      'client',
      'client-tag',
    ]);
    expect(await outcome({ tags: { region: 'uk', lead: 'l' } })).toEqual(['lead', 'region']);
    expect(await outcome({ scope: { leadId: 'l' } })).toEqual(['lead']);
    expect(await outcome({})).toEqual([]);
  });

  it('are shown as they were given, can be changed, and hold for a replay', async () => {
    const { id } = await hook('one', { tags: { region: 'eu' } });
    const subscription = () => engine.ok<{ scope: object }>('GET', tenant.path(`/subscriptions/${id}`));
    expect((await subscription()).scope).toEqual({ level: 'tags', tags: { region: 'eu' } });
    await engine.ok('PATCH', tenant.path('/subscriptions/one'), { scope: { level: 'space' } });
    expect((await subscription()).scope).toEqual({ level: 'space' });
    await engine.ok('PATCH', tenant.path('/subscriptions/one'), { scope: { tags: { region: 'us' } } });
    await tenant.publish({ ...LEAD, tags: { region: 'eu' } });
    await tenant.publish({ ...LEAD, tags: { region: 'uk' } });
    await engine.ok('PATCH', tenant.path('/subscriptions/one'), { scope: { tags: { region: 'eu' } } });
    const replay = { since: '2000-01-01T00:00:00.000Z', statuses: ['none'], dryRun: true };
    const { id: job } = await engine.ok<{ id: string }>(
      ...(['POST', tenant.path('/subscriptions/one/replay'), replay] as const),
    );
    await eventually(async () =>
      expect(await engine.ok('GET', tenant.path(`/jobs/${job}`))).toMatchObject({ total: 1 }),
    );
  });

  it.each<[object, string]>([
    [{}, 'scope.level'],
    [{ level: 'tags' }, 'scope.tags'],
    [{ tags: {} }, 'scope.tags'],
    [{ level: 'space', tags: { region: 'eu' } }, 'scope.tags'],
    [{ tags: { region: 'eu' }, clientId: 'a' }, 'scope.clientId'],
    [{ tags: { 'a b': 'eu' } }, 'scope.tags.a b'],
    [{ tags: { region: [] } }, 'scope.tags.region'],
    [{ tags: { region: ['eu', 7] } }, 'scope.tags.region'],
  ])('%j is refused at %s', async (scope, path) => {
    const { status, body } = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
      url: receiver.url,
      scope,
    });
    expect([status, body.errors?.map((one) => one.path)]).toEqual([422, [path]]);
  });

  it('are of the native profile only', async () => {
    const { status, body } = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
      ...{ url: receiver.url, profile: 'smartlead', scope: { tags: { client: 'a' } } },
    });
    expect([status, body.errors?.[0]?.code]).toEqual([422, 'not_in_profile']);
  });
});
