import { createTestDatabase } from '../support/database.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
it('works', async () => {
  let t = performance.now();
  const db = await createTestDatabase();
  console.log('create', performance.now() - t);
  const s = createDataSource({ url: db.url, entities: [] });
  await connect(s);
  console.log(
    await s.query('select count(*) from pg_inherits'),
    await s.query('select * from posthorn.migrations'),
  );
  await s.destroy();
  t = performance.now();
  await db.drop();
  console.log('drop', performance.now() - t);
});
