import type { Database } from '../../src/database/database.js';
import { OrphanReleaser } from '../../src/dispatcher/upkeep/orphan-releaser.js';

it('comes to every subscription in turn, however many there are', async () => {
  const looked: unknown[] = [];
  const sql = (_statement: unknown, [subscriptionId]: unknown[]) => {
    looked.push(subscriptionId);
    // Something is due already: nothing is released.
    return Promise.resolve([{ id: 'due' }]);
  };
  const releaser = new OrphanReleaser({ sql } as unknown as Database);
  const subscriptions = Array.from({ length: 450 }, (_none, n) => String(n).padStart(3, '0'));
  for (let sweep = 0; sweep < 3; sweep += 1) await releaser.release(subscriptions, new Date());
  expect(new Set(looked.slice(0, 450)).size).toBe(450);
  expect(looked.slice(450, 452)).toEqual(['000', '001']);
});
