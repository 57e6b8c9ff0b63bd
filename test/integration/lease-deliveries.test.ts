import { useStory } from '../support/story.js';
import { Database } from '../../src/database/database.js';
import type { Sql } from '../../src/database/sql.js';
import { putAsideBlocked } from '../../src/deliveries/lease-deliveries.js';

describe('putting aside what a lease did not get', () => {
  let subscriptionId: string;
  let sql: Sql;
  const { engine, tenant } = useStory({ workers: 0, engineFor: 'test' });
  beforeEach(async () => {
    sql = (engine.apis[0]?.get(Database) as Database).sql;
    subscriptionId = (await tenant.subscribe('http://127.0.0.1:9/')).id;
    await tenant.send([{ type: 'lead.create', data: {} }]);
  });

  const putAside = async () => {
    const ids = (
      await sql<{ id: string }>({ name: 'test_ids', text: 'SELECT id FROM posthorn.deliveries' })
    ).map(({ id }) => id);
    return { ids, again: (await putAsideBlocked(sql, ids, new Date())).later };
  };

  it('holds what belongs to a paused subscription, which a resume enqueues', async () => {
    await engine.ok('POST', tenant.path(`/subscriptions/${subscriptionId}/pause`));
    // As the publish left it that had matched before the pause.
    await sql({
      name: 'test_matched_before',
      text: `UPDATE posthorn.deliveries SET status = 'pending', next_attempt_at = now()`,
    });
    expect((await putAside()).again).toEqual([]);
    expect(await tenant.deliveries()).toMatchObject([{ status: 'held' }]);
  });

  it('gives back, to be enqueued again, what a resume has set free since the lease found it blocked', async () => {
    const { ids, again } = await putAside();
    expect(again).toEqual([
      { id: ids[0], subscriptionId: expect.any(String) as string, at: expect.any(Number) as number },
    ]);
    expect(again[0]?.at).toBeLessThanOrEqual(Date.now());
    expect(await tenant.deliveries()).toMatchObject([{ status: 'pending' }]);
  });
});
