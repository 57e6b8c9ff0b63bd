import type { DataSource } from 'typeorm';
import { dayLines } from '../../src/archive/day-rows.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

interface Row {
  [name: string]: unknown;
  id: string;
}

const { engine, tenant, receiver } = useStory();
let source: DataSource;

beforeAll(async () => {
  source = createDataSource({ url: engine.settings.databaseUrl, entities: [] });
  await connect(source);
});
afterAll(() => source.destroy());

/** Everything of the day, as it is archived: by table. */
async function archived(day: string): Promise<Map<string, Row[]>> {
  const rows = new Map<string, Row[]>();
  for await (const { position, lines } of dayLines(new Database(source), { day, since: null }, null))
    rows.set(position.kind, [
      ...(rows.get(position.kind) ?? []),
      ...lines.map((line) => JSON.parse(line) as Row),
    ]);
  return rows;
}

it('deliveries and attempts are archived as the API shows them', async () => {
  await tenant.subscribe(receiver.url, { uid: 'put', method: 'PUT' });
  await tenant.subscribe(receiver.url, { uid: 'post' });
  const deliverAt = new Date(Date.now() + 300).toISOString();
  const { id } = await tenant.publish({ type: 'lead.create', subjectId: 'ada', deliverAt, data: { n: 1 } });
  await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(2));
  const { id: erasure } = await engine.ok<Row>('POST', tenant.path('/erasures'), { subjectId: 'ada' });
  await eventually(async () =>
    expect(await engine.ok('GET', tenant.path(`/erasures/${erasure}`))).toMatchObject({
      status: 'completed',
    }),
  );
  const { createdAt } = await engine.ok<{ createdAt: string }>('GET', tenant.path(`/events/${id}`));
  const rows = await archived(createdAt.slice(0, 10));
  const listed = await tenant.deliveries('?order=asc');
  expect(listed[0]).toMatchObject({ deliverAt, erasedAt: expect.any(String) as string });
  expect(rows.get('deliveries')).toEqual(listed);
  const attempts = await Promise.all(
    listed.map((one) => engine.ok<Row>('GET', tenant.path(`/deliveries/${one.id}/attempts/1`))),
  );
  expect(rows.get('attempts')).toEqual(
    attempts.map(({ explanation: _none, ...facts }) => {
      const { method, url, headers } = facts.request as { method: string; url: string; headers: string[][] };
      return { ...facts, request: { method, url, headers } };
    }),
  );
  expect(attempts.map(({ request }) => (request as { method: string }).method).toSorted()).toEqual([
    'POST',
    'PUT',
  ]);
});
