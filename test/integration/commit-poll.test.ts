import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { CommitPoll } from '../../src/database/transactions/commit-poll.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase } from '../support/database.js';

it('a transaction that a failover has lost keeps no other one from being noticed', async () => {
  const copy = await createTestDatabase();
  const source = createDataSource({ url: copy.url, entities: [] });
  await connect(source);
  const { sql } = new Database(source);
  const poll = new CommitPoll(sql);
  try {
    const [row] = await sql<{ xid: string }>({ name: '', text: 'SELECT pg_current_xact_id()::text AS xid' });
    const committed = row?.xid ?? '';
    let lost = 0;
    let heard = 0;
    // The new primary has never given this number.
    poll.onCommit(String(BigInt(committed) + 1_000_000n), () => (lost += 1));
    poll.onCommit(committed, () => (heard += 1));
    await eventually(() => heard === 1, { timeoutMs: 3_000 });
    expect(lost).toBe(0);
  } finally {
    poll.close();
    await source.destroy();
    await copy.drop();
  }
});
