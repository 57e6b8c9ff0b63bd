import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase } from '../support/database.js';

const statement = (text: string) => ({ name: '', text });

describe('a transaction', () => {
  it('whose connection breaks between two statements fails, and leaves the process and the pool well', async () => {
    const { url, drop } = await createTestDatabase();
    const source = createDataSource({ url, entities: [] });
    await connect(source);
    const database = new Database(source);
    const broken = database.transaction(async (sql) => {
      const [row] = await sql<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid'));
      await database.sql(statement(`SELECT pg_terminate_backend(${row?.pid ?? 0}, 5000)`));
      // The server's goodbye arrives while no statement is under way.
      await new Promise((resolve) => setImmediate(resolve));
      await sql(statement('SELECT 1'));
    });
    await expect(broken).rejects.toThrow(/connection/i);
    const answer = await database.transaction((sql) => sql<{ one: number }>(statement('SELECT 1 AS one')));
    expect(answer).toEqual([{ one: 1 }]);
    await source.destroy();
    await drop();
  });

  it('is rolled back when its work throws', async () => {
    const { url, drop } = await createTestDatabase();
    const source = createDataSource({ url, entities: [] });
    await connect(source);
    const database = new Database(source);
    const work = database.transaction(async (sql) => {
      await sql(statement('CREATE TABLE kept (n int)'));
      throw new Error('No.');
    });
    await expect(work).rejects.toThrow('No.');
    expect(await database.sql(statement(`SELECT to_regclass('kept') AS kept`))).toEqual([{ kept: null }]);
    await source.destroy();
    await drop();
  });
});
