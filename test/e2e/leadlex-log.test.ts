import type { DataSource } from 'typeorm';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { parsePublicId } from '../../src/core/ids.js';
import { useStory } from '../support/story.js';

let source: DataSource;
const { engine, tenant, receiver } = useStory({ profile: 'leadlex' });

beforeAll(async () => {
  source = createDataSource({ url: engine.settings.databaseUrl, entities: [] });
  await connect(source);
});
afterAll(() => source.destroy());

it('the log of a delivery that was retried hundreds of times shows the last fifty attempts', async () => {
  const webhook = parsePublicId('sub', (await tenant.subscribe(receiver.url)).id);
  await tenant.publish({ type: 'contact.created', data: { contact: { id: 'c' } } });
  const { id } = await tenant.onlyDelivery({ status: 'succeeded' });
  const delivery = parsePublicId('dlv', id);
  await source.query(
    `INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers, status_code)
      SELECT delivery_id, more, id, started_at, url, request_headers, status_code
      FROM posthorn.attempts, generate_series(2, 300) more WHERE delivery_id = $1`,
    [delivery],
  );
  const { body } = await engine.call<{ data: { log: { attempts: { attempt: number }[] } } }>(
    'GET',
    `/leadlex/v1/webhooks/${webhook}/logs/${delivery}`,
    undefined,
    { key: await tenant.key('read') },
  );
  expect(body.data.log.attempts.map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: 50 }, (_none, index) => 251 + index),
  );
});
